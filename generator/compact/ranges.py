"""What the compact model is shown in training, and is therefore held to."""

import numpy as np

CURVE_RANGE = (-0.1, 1.15)  # recordings go a little beyond 0..1
TURN_RANGE = np.radians([31.0, 21.0, 21.0]).astype(np.float32)  # yaw, pitch, roll
PORTRAIT_LIGHT = (-0.48, 0.42, 0.77)  # from the head to the key light, unless a stream says otherwise
AZIMUTHS, ELEVATIONS = (-75.0, 75.0), (-10.0, 60.0)  # degrees of the key light
