"""All words of reports, in English and 中文: a module per report, one way to ask for them.

Each module holds one table, key -> (English, 中文), whose two texts have the same placeholders.
Names of measures are not repeated here: they come from the closed list of `simcenter.measures`.
Sentences that rooms below make come as messages, and are said in the language of their reader
(`simcenter.messages`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from simcenter.measures import cause_measure, find_measure
from simcenter.messages import worded
from simcenter.report.words import (
    backtest,
    backtest_page,
    calibration,
    classroom,
    comparison,
    erlang,
    headings,
    page,
    plots,
    repair,
    run,
    validation,
    why,
    workbook,
)

__all__ = ["REPORTS", "Words", "words_of"]

REPORTS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "run": run.TABLE,
    "comparison": comparison.TABLE,
    "erlang": erlang.TABLE,
    "validation": validation.TABLE,
    "why": why.TABLE,
    "backtest": backtest.TABLE,
    "workbook": workbook.TABLE,
    "classroom": classroom.TABLE,
    "backtest_page": backtest_page.TABLE,
    "calibration": calibration.TABLE,
    "page": page.TABLE,
    "repair": repair.TABLE,
    "plots": plots.TABLE,
}
"""The tables by report."""


class Words(Mapping[str, str]):
    """The words of one report in one language; what is not asked by key is asked by name.

    Examples
    --------
    >>> words_of("run", "zh")["total"], words_of("run", "zh").measure("asa")
    ('合计', '平均应答速度')
    """

    def __init__(self, report: str, language: str) -> None:
        self.language = language
        place = 1 if language == "zh" else 0
        self._texts = {key: texts[place] for key, texts in REPORTS[report].items()}
        self._place = place

    def __getitem__(self, key: str) -> str:
        return self._texts[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def full(self, key: str) -> str:
        """Return the name of a measure, or of a part of shrinkage, as the closed list has it."""
        cause = key.removeprefix("shrinkage_")
        found = find_measure(key) if cause == key else cause_measure(cause)
        return found.chinese if self._place else found.english

    def measure(self, key: str) -> str:
        """Return the name of a measure, in 中文 without its second name."""
        return self.full(key).split("(")[0] if self._place else self.full(key)

    def heading(self, key: str) -> str:
        """Return the short name of a measure, for the head of a column."""
        known = headings.TABLE.get(key)
        return self.measure(key) if known is None else known[self._place]

    def listed(self, names: Iterable[str]) -> str:
        """Return names in a row."""
        return ("、" if self._place else ", ").join(names)

    def said(self, message: object) -> str:
        """Return a message of a room below in this language."""
        return worded(message, self.language)


@cache
def words_of(report: str, language: str) -> Words:
    """Return the words of a report.

    Parameters
    ----------
    report
        A key of `REPORTS`.
    language
        ``en`` or ``zh``.
    """
    return Words(report, language)
