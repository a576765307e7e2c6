"""The base of every error whose text is written for the person at the terminal."""


class Explained(ValueError):  # noqa: N818 (it is raised by the names of its subclasses)
    """Says what is wrong, where, and what to do, in one sentence; the command line prints that and nothing else."""
