"""The end of a command that a person can do something about."""


class CommandError(Exception):
    """One sentence for the person at the terminal: what failed, where, and what to do. The exit code is 1."""
