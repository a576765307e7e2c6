"""The public keys of those who may come in: the files NAME.key of a folder, read again when it changes."""

import logging
from pathlib import Path

from bridge.keys import PUBLIC, KeyFileError, read_public

log = logging.getLogger("facebridge")


class AllowList:
    """Keys in Z85, by the name of their file. A folder that cannot be read admits nobody."""

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise KeyFileError(
                f"there is no folder {folder} for the public keys of the clients: make it, and put NAME.key into it, "
                "which `facebridge keys new NAME` makes"
            )
        self.folder = folder
        self.names: dict[str, str] = {}
        self._seen: object = ()
        self.refresh()

    def refresh(self) -> None:
        """Read the folder if a file in it is new, other or gone."""
        files = self._files()
        if files != self._seen:
            self._seen = files
            self.names = {key: path.stem for path in files or () if (key := _key_in(path))}
            if files is None:
                log.warning("nobody may come in: the folder %s cannot be read", self.folder)

    def _files(self) -> dict[Path, tuple[int, ...]] | None:
        try:
            paths = sorted(path for path in self.folder.iterdir() if path.suffix == PUBLIC)
        except OSError:
            return None
        return {path: stamp for path in paths if (stamp := _stamp(path))}


def _stamp(path: Path) -> tuple[int, ...]:
    try:
        fact = path.stat()
    except OSError:  # it has gone meanwhile
        return ()
    return fact.st_ino, fact.st_mtime_ns, fact.st_size


def _key_in(path: Path) -> str:
    try:
        return read_public(path).decode()
    except KeyFileError as error:
        log.warning("a client's key is left out: %s", error)
        return ""
