"""Which language people read: the one asked for, else that of the environment, else English."""

from __future__ import annotations

import os
from collections.abc import Mapping

from simcenter.errors import InputError, unknown

__all__ = ["LANGUAGES", "VARIABLE", "language_of"]

LANGUAGES = ("en", "zh")
"""Languages in which there are words."""

VARIABLE = "SIMCENTER_LANGUAGE"
"""The environment variable that comes before the locale."""

_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")
"""Variables of the locale; the first that is set decides, as POSIX has it."""


def language_of(asked: str | None = None, environment: Mapping[str, str] | None = None) -> str:
    """Return ``en`` or ``zh``.

    Parameters
    ----------
    asked
        What somebody asked for; None: `VARIABLE`, else the locale, else English.
    environment
        By default that of the process.

    Raises
    ------
    InputError
        When what was asked for, there or in `VARIABLE`, is no language of the list. A locale
        in another language is no fault: there English is read.

    Examples
    --------
    >>> language_of(None, {"LANG": "zh_CN.UTF-8"}), language_of(None, {"LANG": "fr_FR.UTF-8"})
    ('zh', 'en')
    >>> language_of("zg", {})
    Traceback (most recent call last):
    ...
    simcenter.errors.InputError: language: unknown language 'zg'; known: en, zh
    """
    known = os.environ if environment is None else environment
    for where, given in (("language", asked), (VARIABLE, known.get(VARIABLE) or None)):
        if given is not None:
            return _listed(where, given)
    locale = next((known[name] for name in _LOCALE if known.get(name)), "")
    return "zh" if locale.lower().startswith("zh") else "en"


def _listed(where: str, given: str) -> str:
    if given not in LANGUAGES:
        raise InputError(
            "{where}: {unknown}", where=where, unknown=unknown("language", given, LANGUAGES)
        )
    return given
