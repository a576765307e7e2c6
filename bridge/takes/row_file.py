"""A text file that grows row by row and can be read at any moment, also after its writer was killed."""

from pathlib import Path


class RowFile:
    """Each row goes to the operating system at once, whole: of one that did not fit on the disk nothing stays."""

    def __init__(self, path: Path, header: str) -> None:
        """Makes the file; FileExistsError where it is there already, OSError where it cannot be made."""
        self.path = path
        self.rows = 0
        self._length = 0
        self._file = path.open("xb", buffering=0)
        try:
            self._append(header)
        except OSError:
            self._file.close()
            path.unlink()
            raise

    def write(self, line: str) -> None:
        """A row with its line end. OSError where the disk takes no more; the file then ends with the row before."""
        self._append(line)
        self.rows += 1

    def close(self) -> None:
        self._file.close()

    def _append(self, text: str) -> None:
        data = text.encode()
        length = self._length + len(data)
        try:
            while data:
                data = data[self._file.write(data) :]
        except OSError:
            self._file.truncate(self._length)
            raise
        self._length = length
