"""A head before the camera that portraits are drawn with: what is known of it, and need not be learned."""

LANDMARKS = 40  # of the rig, in the order of `generator.training.head.landmarks`
WEIGHTS = 52  # of the 55 curves; the others are angles
PIVOT = (0.0, -4.0, 0.5)  # cm; what the head turns about
DISTANCE, ZOOM, CENTRE_HEIGHT = 70.0, 61.0 / 13.1, 1.1  # cm; of half a picture; cm
