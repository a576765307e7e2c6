"""The base of every error whose text is written for the person at the terminal."""


class Explained(ValueError):
    """Says what is wrong, where, and what to do, in one sentence; the command line prints that and nothing else."""
