"""The messages that the code of the package makes, found in its syntax trees."""

import ast
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "simcenter"
FAULTS = {"InputError", "ScenarioError", "RosterError", "RecordError", "OutputError", "error"}
MAKERS = FAULTS | {"Message"}
USERS = ("simcenter/model", "simcenter/files", "simcenter/history")
"""Where a plain ValueError is told to the user, by whoever catches it."""
FOREIGN = (
    *(
        "simcenter/history/bulk",
        "simcenter/history/headings.py",
        "simcenter/history/interval_headings",
        "simcenter/report/page/",
    ),
    *("simcenter/classroom/page.py", "simcenter/experiment/rehearsal.py"),
    *("simcenter/measures/definitions.py", "simcenter/validation/repair/changes.py"),
    "simcenter/experiment/opening.py",
)
"""Modules whose f-strings are SQL, patterns, markup, code, keys, or said in both languages."""
WORDS = re.compile("[a-z]{2,} [a-z]{2,}")
NOUNS = ("denied", "listed")
"""Keyword arguments of ``unknown`` that are messages."""


@dataclass(frozen=True)
class Made:
    """A template in the code, and the names of the values given with it."""

    where: str
    template: str
    values: frozenset[str] | None


@cache
def trees():
    return {
        path.relative_to(PACKAGE.parent).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
    }


def name_of(call):
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def literals(node):
    """Yield the strings that an expression may be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from literals(node.body)
        yield from literals(node.orelse)


@cache
def made():
    """Return every message that the package makes."""
    return tuple(one for path, tree in trees().items() for one in _made(path, tree))


def _made(path, tree):
    joins = any(
        isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("simcenter.messages")
        and any(alias.name == "joined" for alias in node.names)
        for node in ast.walk(tree)
    )
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or not call.args:
            continue
        name, where = name_of(call), f"{path}:{call.lineno}"
        given = [keyword.arg for keyword in call.keywords]
        for text in literals(call.args[0]):
            if name in MAKERS:
                yield Made(where, text, None if None in given else frozenset(given))
            elif (
                (name == "joined" and joins)
                or name == "unknown"
                or (name == "ValueError" and path.startswith(USERS))
            ):
                yield Made(where, text, frozenset())
        for keyword in call.keywords:
            if name == "unknown" and keyword.arg in NOUNS:
                yield from (Made(where, text, frozenset()) for text in literals(keyword.value))


@cache
def strings():
    """Return every string literal of the package."""
    return frozenset(
        node.value
        for tree in trees().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


@cache
def plain_sentences():
    """Return where an f-string holds words in a row, but for what no user reads.

    That is what goes wrong inside (an exception that `simcenter.cli.guard` does not word), and
    what is written in another language than English: SQL, patterns, a page's markup.
    """
    found = {}
    for path, tree in trees().items():
        if path.startswith(FOREIGN):
            continue
        inside = {
            id(part)
            for node in ast.walk(tree)
            if isinstance(node, ast.Raise)
            for part in ast.walk(node)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr) and id(node) not in inside:
                text = "…".join(
                    part.value
                    for part in node.values
                    if isinstance(part, ast.Constant) and isinstance(part.value, str)
                )
                if WORDS.search(text):
                    found[f"{path}:{node.lineno}"] = text
    return found
