"""What bytes tell without being parsed: their git id, a Git LFS pointer, the names that they quote."""

from __future__ import annotations

import hashlib
import re

LARGEST = 64 * 1024 * 1024  # bytes; no hand-written .proto comes near, and reading more could exhaust memory

_POINTER = b"version https://git-lfs.github.com/spec/"
_IN_DOUBLE = re.compile(rb'"([^"\n]*\.proto)"')
_IN_SINGLE = re.compile(rb"'([^'\n]*\.proto)'")


def blob_id(data: bytes, algorithm: str = "sha1") -> str:
    """The id that git gives a blob, hex; `algorithm` is the repository's format, `sha1` or `sha256`."""
    digest = hashlib.new(algorithm, b"blob %d\0" % len(data), usedforsecurity=False)
    digest.update(data)
    return digest.hexdigest()


def unequal_id(*parts: str) -> str:
    """An id for content that could not be read: equal to itself only, so it is never taken for unchanged."""
    return hashlib.sha256("\0".join(("unreadable", *parts)).encode("utf-8", "surrogateescape")).hexdigest()


def is_lfs_pointer(data: bytes) -> bool:
    """Whether this is the text that Git LFS keeps in place of a file (less than 1024 bytes)."""
    return len(data) < 1024 and data.startswith(_POINTER)


def mentioned(text: bytes) -> tuple[str, ...]:
    """Every quoted string of `text` that ends in `.proto`, once each, in order.

    A superset of the imports, comments included. Two spellings that no generator writes are not seen:
    an import put together of adjacent literals, and escapes in its name.
    """
    found = _IN_DOUBLE.findall(text)
    if b"'" in text:
        # Each kind of quote on its own: an apostrophe in a comment must not swallow the quote of an import.
        found += _IN_SINGLE.findall(text)
    return tuple(dict.fromkeys(decode(name) for name in found))


def decode(name: bytes) -> str:
    """A path as text; bytes that are not UTF-8 survive as surrogates and come back with `encode`."""
    return name.decode("utf-8", "surrogateescape")


def encode(name: str) -> bytes:
    """The inverse of `decode`."""
    return name.encode("utf-8", "surrogateescape")


def shown(name: str) -> str:
    """A name from untrusted input, fit for a message: one short line of printable characters."""
    text = "".join(letter if letter.isprintable() else "?" for letter in name)
    return text if len(text) <= 120 else text[:117] + "..."
