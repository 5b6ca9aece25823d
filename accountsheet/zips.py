"""The form of a zip, for those written part by part (PKWARE's APPNOTE, 4.3)."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import NamedTuple

LOCAL, CENTRAL, END = struct.Struct("<4s5H3I2H"), struct.Struct("<4s6H3I5H2I"), struct.Struct("<4s4H2IH")
STORED, DEFLATED = 0, 8
VERSION, NEW_YEAR_1980 = 20, 33
IN_UTF_8 = 0x800
"""The mark of a member whose name is more than ASCII."""


class Packed(NamedTuple):
    """What a zip says of a member: its checksum, its length packed and unpacked, and how it is packed."""

    checksum: int
    packed: int
    unpacked: int
    method: int = DEFLATED
    flags: int = 0


def entries(name: str, packed: Packed, at: int) -> tuple[bytes, bytes]:
    """Give a member's header, and its entry in the directory (4.3.7 and 4.3.12)."""
    written, checksum, length, unpacked, method, flags = name.encode(), *packed
    flags |= 0 if name.isascii() else IN_UTF_8
    about = (flags, method, 0, NEW_YEAR_1980, checksum, length, unpacked, len(written), 0)
    local = LOCAL.pack(b"PK\3\4", VERSION, *about) + written
    return local, CENTRAL.pack(b"PK\1\2", VERSION, VERSION, *about, 0, 0, 0, 0, at) + written


def ending(members: int, directory: int, at: int) -> bytes:
    """Give the last record: how many members there are, and where their directory is (4.3.16)."""
    return END.pack(b"PK\5\6", 0, 0, members, members, directory, at, 0)


def zipped(members: Iterable[tuple[str, Packed, bytes]]) -> bytes:
    """Make a zip of members that are packed already."""
    body: list[bytes] = []
    directory: list[bytes] = []
    at = 0
    for name, packed, data in members:
        local, entry = entries(name, packed, at)
        body += (local, data)
        directory.append(entry)
        at += len(local) + len(data)
    listed = b"".join(directory)
    return b"".join((*body, listed, ending(len(directory), len(listed), at)))
