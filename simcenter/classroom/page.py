"""The page: its files, what it holds when it starts, and all of it as one document.

Files of the page are read once, when they are asked for by the program; a request names one of
them or nothing. What a scenario or a person wrote comes into the document as data only.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from simcenter.classroom.day import FIGURES
from simcenter.classroom.room import as_json
from simcenter.measures import find_measure
from simcenter.messages import catalogue
from simcenter.model.scenario import Scenario
from simcenter.report.class_sentences import REASONS, REFUSALS
from simcenter.report.embedding import font_face
from simcenter.report.language import LANGUAGES
from simcenter.report.words import words_of

__all__ = [
    "PageFiles",
    "document",
    "live_document",
    "measures",
    "names_in",
    "page_data",
    "page_files",
    "safe_json",
    "with_font",
]

FONT_SHEET = "font.css"
"""The sheet of `with_font`."""

_FOLDER = Path(__file__).parent / "page"

_DECIMALS = {"fraction": 1, "seconds": 1, "count": 0}
_KINDS = {"fraction": "share", "seconds": "seconds", "count": "count"}


@dataclass(frozen=True)
class PageFiles:
    """The files of the page by name: the document with its places, sheets and scripts."""

    index: str
    sheets: Mapping[str, str]
    scripts: Mapping[str, str]


@cache
def page_files() -> PageFiles:
    """Return the files of the page, in the order in which ORDER names them."""
    lines = (_FOLDER / "ORDER").read_text(encoding="utf-8").split("\n")
    names = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    texts = {name: (_FOLDER / name).read_text(encoding="utf-8") for name in names}
    return PageFiles(
        index=(_FOLDER / "index.html").read_text(encoding="utf-8"),
        sheets={name: text for name, text in texts.items() if name.endswith(".css")},
        scripts={name: text for name, text in texts.items() if name.endswith(".js")},
    )


def measures() -> dict[str, Any]:
    """Return the measures that the page tells, with their words."""
    found = {}
    for key in FIGURES:
        measure = find_measure(key)
        found[key] = {
            "en": measure.english,
            "zh": measure.chinese,
            "kind": _KINDS.get(measure.unit, "number"),
            "decimals": _DECIMALS.get(measure.unit, 1),
        }
    return found


def page_data(
    mode: str,
    language: str,
    *,
    lessons: Sequence[Mapping[str, Any]],
    sliders: Sequence[Mapping[str, Any]],
    start: Mapping[str, Any],
    **more: Any,
) -> dict[str, Any]:
    """Return what the page holds when it starts.

    Parameters
    ----------
    mode
        ``live``: it asks a server for scenes; ``file``: it has them.
    language
        The one it begins with, ``en`` or ``zh``.
    lessons, sliders
        That it offers, declared; the sliders are those of the scenario that it starts with.
    start
        What it shows at first: ``lesson``, ``changesA``, ``changesB``, ``seed``.
    more
        What a mode adds: ``scene``, ``grid``.
    """
    return {
        "mode": mode,
        "language": language,
        "words": {name: dict(words_of("classroom", name)) for name in LANGUAGES},
        "measures": measures(),
        "lessons": list(lessons),
        "sliders": list(sliders),
        "start": dict(start),
        **more,
    }


def safe_json(content: Any) -> str:
    r"""Return JSON that can stand inside a script tag, whatever the texts in it say.

    Examples
    --------
    >>> print(safe_json({"name": "</script><b>"}))
    {"name":"\u003c/script\u003e\u003cb\u003e"}
    """
    text = as_json(content)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _data_tag(data: Mapping[str, Any]) -> str:
    return f'<script type="application/json" id="simcenter">{safe_json(data)}</script>'


def _filled(index: str, parts: Mapping[str, str]) -> str:
    """Return the document with its places filled; what is put in is not looked at again."""
    text = index
    pieces = []
    for name, content in parts.items():
        before, mark, text = text.partition(f"<!-- {name} -->")
        if not mark:
            raise ValueError(f"index.html has no place for {name}")
        pieces += [before, content]
    return "".join([*pieces, text])


def names_in(scenario: Scenario) -> list[str]:
    """Return the names that a scene of a scenario shows."""
    named = (scenario.agents, scenario.groups, scenario.types)
    return [scenario.name, *(one.name for group in named for one in group)]


def with_font(files: PageFiles, data: Mapping[str, Any], names: Iterable[str]) -> PageFiles:
    """Return the files with a sheet more: the Chinese signs that the page may show.

    They are those of what it holds, of names in its scenarios, and of what a server may say.
    Where no package brings a font the files are as they were.
    """
    said = "".join(catalogue("zh").values())
    font = font_face(_signs(files, data, names) + said)
    return replace(files, sheets={**files.sheets, FONT_SHEET: font}) if font else files


def _signs(files: PageFiles, data: Mapping[str, Any], names: Iterable[str]) -> str:
    """Return a text with every sign that the page may show without asking anybody."""
    held = json.dumps(data, ensure_ascii=False, default=str)
    said = [text for table in (REASONS, REFUSALS) for text in table["zh"].values()]
    return "".join([files.index, held, *names, *said])


def live_document(data: Mapping[str, Any], files: PageFiles | None = None) -> str:
    """Return the page for a browser that asks the server for its sheets and scripts."""
    files = page_files() if files is None else files
    sheets = "\n".join(f'<link rel="stylesheet" href="page/{name}">' for name in files.sheets)
    scripts = "\n".join(f'<script src="page/{name}" defer></script>' for name in files.scripts)
    return _laid(files.index, "", sheets, _data_tag(data), scripts)


def document(data: Mapping[str, Any], names: Iterable[str] = ()) -> str:
    """Return the page as one document that needs nothing else and asks for nothing.

    ``names`` are those that stand in its scenes, which are packed.
    """
    files = page_files()
    font = font_face(_signs(files, data, names))
    sheets = "\n".join([*files.sheets.values(), font])
    scripts = "\n".join(files.scripts.values())
    for text, end in ((sheets, "</style"), (scripts, "</script"), (scripts, "<!--")):
        if end in text.lower():
            raise ValueError(f"a file of the page holds '{end}', which would end its tag")
    policy = (
        "default-src 'none'; img-src data:; font-src data:; "
        f"script-src '{_digest(scripts)}'; style-src '{_digest(sheets)}'"
    )
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return _laid(
        files.index,
        meta,
        f"<style>{sheets}</style>",
        _data_tag(data),
        f"<script>{scripts}</script>",
    )


def _digest(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _laid(index: str, meta: str, sheets: str, data: str, scripts: str) -> str:
    parts = {"styles": f"{meta}\n{sheets}", "data": data, "scripts": scripts}
    places = sorted(parts, key=lambda name: index.find(f"<!-- {name} -->"))
    return _filled(index, {name: parts[name] for name in places})
