"""A path as it is written into a command for a person to copy."""

from pathlib import Path


def quoted(path: Path) -> str:
    """In double quotes where there are spaces: right for cmd, PowerShell and Unix shells alike."""
    return f'"{path}"' if " " in str(path) else str(path)
