"""What a file is, when it is not the text that its name promises."""

from __future__ import annotations

from simcenter.messages import Message

__all__ = ["GZIP_MARK", "LOOKED_AT", "WORKBOOK_MARKS", "disguise", "utf16_of"]

GZIP_MARK = b"\x1f\x8b"
WORKBOOK_MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How archives (an .xlsx is one) and the older workbooks begin."""
LOOKED_AT = 4096
PART = 0.2
"""Share of every second byte that is NUL in UTF-16; digits and commas are, Chinese is not."""


def utf16_of(data: bytes) -> str | None:
    """Return the encoding of a text in UTF-16, by its mark or its NUL bytes; None: it is none.

    Examples
    --------
    >>> utf16_of("a,b".encode("utf-16-le")), utf16_of(b"a,b"), utf16_of(bytes(40))
    ('utf-16-le', None, None)
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    some = data[:LOOKED_AT]
    even, odd = some[::2].count(0), some[1::2].count(0)
    most, least = max(even, odd), min(even, odd)
    if most == 0 or most < PART * len(some) / 2 or least > most / 10:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def disguise(data: bytes, *, wide: bool = False) -> Message | None:
    """Return what bytes are that are no UTF-8 text at all; None: they may be text.

    Where ``wide``, text in UTF-16 is text.

    Examples
    --------
    >>> print(disguise(b"PAR1"))
    is a Parquet file; its name must end in .parquet
    """
    if data[:4] in WORKBOOK_MARKS:
        return Message("is a workbook or an archive, not text; a workbook's name ends in .xlsx")
    if data[:2] == GZIP_MARK:
        return Message("is gzipped; unpack it first")
    if data[:4] == b"PAR1":
        return Message("is a Parquet file; its name must end in .parquet")
    if utf16_of(data) is not None:
        return None if wide else Message("is not UTF-8 but UTF-16; save the file as UTF-8")
    if b"\0" in data:
        line = data[: data.index(b"\0")].count(b"\n") + 1
        return Message("is not a text file: NUL bytes from line {line} on", line=line)
    return None
