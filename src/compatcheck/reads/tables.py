"""The verdicts on pairs of singular types, as measured on several protobuf runtimes.

Measured by serialising with one schema and parsing with the other on Python protobuf 7.36 (upb and pure
Python), C++ and Java 3.21, Go 1.28 and protobuf-es 2.17. Row = writer, column = reader, columns in the order
of the rows. Portable JSON is the strictest verdict of those parsers; Python's JSON is that of Python alone.

    = safe   l lossy-if   d dropped-if   D dropped   M misread   r rejected-if   R rejected
    X rejected or misread   B opaque bytes   b rejected-if, and lossy-if where it is not
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Final

from compatcheck.schema.model import Cardinality, Field, Type


class Kind(Enum):
    """A row of the tables: a type, with open and closed enums and maps told apart."""

    DOUBLE = "dbl"
    FLOAT = "flt"
    INT32 = "i32"
    INT64 = "i64"
    UINT32 = "u32"
    UINT64 = "u64"
    SINT32 = "s32"
    SINT64 = "s64"
    FIXED32 = "f32"
    FIXED64 = "f64"
    SFIXED32 = "sf32"
    SFIXED64 = "sf64"
    BOOL = "bool"
    STRING = "str"
    BYTES = "byt"
    OPEN_ENUM = "eO"
    CLOSED_ENUM = "eC"
    MESSAGE = "msg"
    GROUP = "grp"
    MAP = "map"


Table = Mapping[tuple[Kind, Kind], str]


def kind_of(field: Field) -> Kind:
    if field.cardinality is Cardinality.MAP:
        return Kind.MAP
    if field.type is Type.ENUM:
        return Kind.CLOSED_ENUM if field.enum.closed else Kind.OPEN_ENUM
    return Kind[field.type.name]


def _parse(block: str) -> Table:
    rows = [line.split() for line in block.split("\n") if line.strip()]
    return {
        (Kind(name), reader): letter
        for name, letters in rows
        for reader, letter in zip(Kind, letters, strict=True)
    }


BINARY: Final = _parse("""
    dbl  =DDDDDDDDMDMDDDDDDDD
    flt  D=DDDDDDMDMDDDDDDDDD
    i32  DD==llMMDDDDlDD=dDDD
    i64  DDl=llMMDDDDlDDllDDD
    u32  DDl===MMDDDDlDDllDDD
    u64  DDlll=MMDDDDlDDllDDD
    s32  DDMMMM==DDDDlDDMMDDD
    s64  DDMMMMl=DDDDlDDMMDDD
    f32  DMDDDDDD=DlDDDDDDDDD
    f64  MDDDDDDDD=DlDDDDDDDD
    sf32 DMDDDDDDlD=DDDDDDDDD
    sf64 MDDDDDDDDlD=DDDDDDDD
    bool DD====MMDDDD=DD==DDD
    str  DDDDDDDDDDDDD==DDrDX
    byt  DDDDDDDDDDDDDr=DDrDX
    eO   DD==llMMDDDDlDD=dDDD
    eC   DD==llMMDDDDlDD==DDD
    msg  DDDDDDDDDDDDDrBDD=DM
    grp  DDDDDDDDDDDDDDDDDD=D
    map  DDDDDDDDDDDDDXMDDMD=
""")

PORTABLE_JSON: Final = _parse("""
    dbl  =brrrrrrrrrrRrXrrRRR
    flt  l=rrrrrrrrrrRrXrrRRR
    i32  =l==rr==rr==RRR=rRRR
    i64  llr=rrr=rrr=R=XRRRRR
    u32  =lr===r===r=RRRrrRRR
    u64  llrrr=rrr=rrR=XRRRRR
    s32  =l==rr==rr==RRR=rRRR
    s64  llr=rrr=rrr=R=XRRRRR
    f32  =lr===r===r=RRRrrRRR
    f64  llrrr=rrr=rrR=XRRRRR
    sf32 =l==rr==rr==RRR=rRRR
    sf64 llr=rrr=rrr=R=XRRRRR
    bool RRRRRRRRRRRR=RRRRRRR
    str  rrrrrrrrrrrrR=XrrRRR
    byt  XXXXXXXXXXXXRM=RRRRR
    eO   rrrrrrrrrrrrRrR=RRRR
    eC   RRRRRRRRRRRRR=XR=RRR
    msg  RRRRRRRRRRRRRRRRR==X
    grp  RRRRRRRRRRRRRRRRR==X
    map  RRRRRRRRRRRRRRRRRXX=
""")

PYTHON_JSON: Final = _parse("""
    dbl  =brrrrrrrrrrRrXXXRRR
    flt  l=rrrrrrrrrrRrXXXRRR
    i32  =l==rr==rr==RRR=rRRR
    i64  llr=rrr=rrr=R=XXXRRR
    u32  =lr===r===r=RRRXXRRR
    u64  llrrr=rrr=rrR=XXXRRR
    s32  =l==rr==rr==RRR=rRRR
    s64  llr=rrr=rrr=R=XXXRRR
    f32  =lr===r===r=RRRXXRRR
    f64  llrrr=rrr=rrR=XXXRRR
    sf32 =l==rr==rr==RRR=rRRR
    sf64 llr=rrr=rrr=R=XXXRRR
    bool ==RRRRRRRRRR=RR=rRRR
    str  rrrrrrrrrrrrR=XrrrrR
    byt  RRRRRRRRRRRRRM=RRrrR
    eO   rrrrrrrrrrrrRrX=RRRR
    eC   RRRRRRRRRRRRR=XR=RRR
    msg  RRRRRRRRRRRRRRRRR==X
    grp  RRRRRRRRRRRRRRRRR==X
    map  RRRRRRRRRRRRRRRRRXX=
""")
