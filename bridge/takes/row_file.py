"""Files that grow by whole pieces and can be read at any moment, also after their writer was killed."""

from pathlib import Path


class GrowingFile:
    """Each piece goes to the operating system at once, whole: of one that did not fit on the disk nothing stays."""

    def __init__(self, path: Path) -> None:
        """Makes the file; FileExistsError where it is there already, OSError where it cannot be made."""
        self.path = path
        self._length = 0
        self._file = path.open("xb", buffering=0)

    def append(self, data: bytes) -> None:
        """OSError where the disk takes no more; the file then ends with the piece before."""
        length = self._length + len(data)
        try:
            while data:
                data = data[self._file.write(data) :]
        except OSError:
            self._file.truncate(self._length)
            raise
        self._length = length

    def close(self) -> None:
        self._file.close()


class RowFile:
    """A text file of a header and rows."""

    def __init__(self, path: Path, header: str) -> None:
        """Raises as `GrowingFile` does; a file without its header does not stay."""
        self.path = path
        self.rows = 0
        self._file = GrowingFile(path)
        try:
            self._file.append(header.encode())
        except OSError:
            self._file.close()
            path.unlink()
            raise

    def write(self, line: str) -> None:
        """A row with its line end. OSError where the disk takes no more."""
        self._file.append(line.encode())
        self.rows += 1

    def close(self) -> None:
        self._file.close()
