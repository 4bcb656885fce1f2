"""Reads regular files below a folder without ever following a link out of it."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field

from compatcheck.source.content import LARGEST, encode, is_lfs_pointer
from compatcheck.source.snapshot import Unreadable

# O_NONBLOCK: a FIFO without a writer must not hold the process. Both flags are missing on Windows.
_FLAGS = (
    os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
)

_LFS_POINTER = Unreadable(
    "a Git LFS pointer stands in its place",
    "run `git lfs pull` and compare checked-out folders, or take .proto files out of LFS",
)


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder on disk; remembers which of its folders were seen to be real ones."""

    top: str
    _real: set[bytes] = field(default_factory=set, repr=False, compare=False)

    def read(self, path: str) -> bytes | Unreadable:
        """The content of a regular file of at most 64 MiB. `path` is relative, `/` separated."""
        full = encode(self.top) + b"/" + encode(path)
        try:
            if not self._is_inside(os.path.dirname(full)):
                return Unreadable(
                    "it is reached through a link that leads elsewhere", "replace the link by a folder"
                )
            descriptor = os.open(full, _FLAGS)
        except OSError as error:
            return Unreadable(error.strerror or str(error), "make the file readable")
        # Without a file object, which a folder's descriptor would not become.
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                return Unreadable("not a regular file", "replace it by a regular file, or exclude it")
            if status.st_size > LARGEST:
                return too_large(status.st_size)
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                data = file.read(LARGEST + 1)
        except OSError as error:
            return Unreadable(error.strerror or str(error), "make the file readable")
        finally:
            os.close(descriptor)
        return data if len(data) <= LARGEST else too_large(len(data))

    def lookup(self, path: str) -> bytes | Unreadable | None:
        """The content of the file at `path`, or None if there is nothing or a folder."""
        mode = self.mode(path)
        return None if mode is None or stat.S_ISDIR(mode) else self.read(path)

    def _is_inside(self, folder: bytes) -> bool:
        if folder not in self._real:
            top = encode(self.top)
            if os.path.realpath(folder) != os.path.realpath(top) + folder[len(top) :]:
                return False
            self._real.add(folder)
        return True

    def link(self, path: str) -> str | None:
        """The text of the symbolic link at `path`, or None if there is none."""
        full = encode(self.top) + b"/" + encode(path)
        try:
            return (
                os.readlink(full).decode("utf-8", "surrogateescape")
                if self._is_inside(os.path.dirname(full))
                else None
            )
        except OSError:
            return None

    def mode(self, path: str) -> int | None:
        """The mode of what is at `path`, links not followed; None if there is nothing, 0 if nobody may look."""
        full = encode(self.top) + b"/" + encode(path)
        try:
            return os.lstat(full).st_mode if self._is_inside(os.path.dirname(full)) else None
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError:
            # Nothing is known of it. That is not the same as a file that was deleted.
            return 0


def own_text(data: bytes | Unreadable) -> bytes | Unreadable:
    """A file's content, unless it is the pointer that Git LFS keeps in its place."""
    return _LFS_POINTER if isinstance(data, bytes) and is_lfs_pointer(data) else data


def too_large(size: int) -> Unreadable:
    """What is said of a file above the limit; `size` in bytes."""
    return Unreadable(
        f"{size:,} bytes are more than the {LARGEST // 1024 // 1024} MiB that are read", "exclude the file"
    )
