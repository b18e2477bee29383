"""Names in CSV tables that a spreadsheet would take for formulas, kept as text.

A name such as ``=SUM(A1)`` is written with an apostrophe before it, the spreadsheets' own
sign for text, and read back without it.
"""

from __future__ import annotations

import re

__all__ = ["as_text", "as_written"]

_FORMULA = re.compile(r"'*(?:[=@\t\r]|[+-](?![\d\s.,()/-]*$))")
_WRITTEN = re.compile(r"'+(?:[=@\t\r]|[+-](?![\d\s.,()/-]*$))")


def as_text(name: str) -> str:
    """Return a name as a CSV table holds it.

    Examples
    --------
    >>> as_text("=1+1"), as_text("Ann"), as_text("-"), as_text("+49 30 123")
    ("'=1+1", 'Ann', '-', '+49 30 123')
    """
    return f"'{name}" if len(name) > 1 and _FORMULA.match(name) else name


def as_written(cell: str) -> str:
    """Return the name that `as_text` made a cell of.

    Examples
    --------
    >>> as_written("'=1+1"), as_written("'t Hart")
    ('=1+1', "'t Hart")
    """
    return cell[1:] if _WRITTEN.match(cell) else cell
