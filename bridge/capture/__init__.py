"""Live performers: one file per protocol, from bytes to curves, and the sockets they share."""
