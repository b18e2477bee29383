"""The encoding of a text, where it is not UTF-8: what Excel writes in China and in the West."""

from __future__ import annotations

import re

from simcenter.files.disguise import utf16_of

__all__ = ["encoding_of", "text_of"]

_PAIRS = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]|[\x80-\xff]")


def text_of(data: bytes) -> str | None:
    """Return the text that bytes are, without a byte-order mark; None: no encoding is sure.

    Examples
    --------
    >>> text_of("早班".encode("gbk")), text_of("Zürich".encode("cp1252"))
    ('早班', 'Zürich')
    """
    encoding = encoding_of(data)
    return None if encoding is None else data.decode(encoding).removeprefix("\ufeff")


def encoding_of(data: bytes) -> str | None:
    """Return the encoding of a text: UTF-8, UTF-16, GB 18030 or Windows-1252; None: not sure.

    Text in Chinese has mostly pairs of the commonest signs (GB 2312, level 1); text of the
    West has single signs between letters. A file that is partly UTF-8 is neither.
    """
    wide = utf16_of(data)
    if wide is not None:
        return wide if _reads(data, wide) else None
    if _reads(data, "utf-8"):
        return "utf-8"
    if any(not line.isascii() and _reads(line, "utf-8") for line in data.split(b"\n")):
        return None
    pairs = _PAIRS.findall(data)
    chinese = sum(1 for pair in pairs if _is_common(pair))
    single = sum(1 for pair in pairs if pair[-1] < 0x80 or len(pair) == 1)
    if chinese > 2 * single:
        return "gb18030" if _reads(data, "gb18030") else None
    if single >= chinese:
        return "cp1252" if _reads(data, "cp1252") else None
    return None


def _is_common(pair: bytes) -> bool:
    """Say whether two bytes are a full-width mark or one of the commonest Chinese signs."""
    return len(pair) == 2 and pair[1] >= 0xA1 and (pair[0] <= 0xA3 or 0xB0 <= pair[0] <= 0xD7)


def _reads(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
