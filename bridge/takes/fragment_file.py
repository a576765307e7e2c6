"""What FFmpeg writes of a fragmented MP4 reaches the disk fragment by fragment, never half of one."""

import struct
from pathlib import Path

from bridge.takes.row_file import GrowingFile


class FragmentFile:
    """A file object for PyAV: it can be written and not sought."""

    def __init__(self, path: Path) -> None:
        """Makes the file; FileExistsError where it is there already, OSError where it cannot be made."""
        self.name = str(path)
        self._file = GrowingFile(path)
        self._rest = bytearray()

    def write(self, data: bytes) -> int:
        """All of `data` is taken. OSError where the disk takes no more; the file then ends with a whole fragment."""
        self._rest += data
        end = whole(self._rest)
        if end:
            self._file.append(bytes(self._rest[:end]))
            del self._rest[:end]
        return len(data)

    def close(self) -> None:
        """What is left is no whole fragment, and goes."""
        self._file.close()


def whole(data: bytes | bytearray) -> int:
    """How many bytes from the start are whole boxes, a `moof` and its `mdat` being one (ISO/IEC 14496-12, 4.2)."""
    place = end = 0
    while place + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, place)
        if size == 1 and place + 16 <= len(data):
            (size,) = struct.unpack_from(">Q", data, place + 8)
        if size < 8 or place + size > len(data):
            break
        place += size
        end = end if kind == b"moof" else place
    return end
