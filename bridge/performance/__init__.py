"""What is done to a performance on its way to the face, one step a file, in the order of `chain`."""
