"""`python -m bridge` is `facebridge`."""

import sys

from bridge.cli import main

sys.exit(main())
