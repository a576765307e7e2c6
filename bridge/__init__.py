"""From the socket to the model and back."""
