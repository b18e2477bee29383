"""The lessons: twins in two languages, of one code, and what they show is what a run gives."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.docs.keep_lessons import FOLDER, execute

MOST_BYTES = 300_000

CHINESE = re.compile(r"[\u4e00-\u9fff]")
NUMBERED = re.compile(r"^\s*\d+\. ", re.MULTILINE)  # items of a list


def twins() -> list[Path]:
    return sorted(path for path in FOLDER.glob("*.ipynb") if not path.stem.endswith(".zh"))


def chinese(path: Path) -> Path:
    return path.with_name(f"{path.stem}.zh.ipynb")


def cells(path: Path) -> list[Any]:
    return list(nbformat.read(path, as_version=4).cells)


def every() -> list[Path]:
    return sorted(FOLDER.glob("*.ipynb"))


def called(path: Path) -> str:
    return path.stem


def test_there_are_thirteen_lessons_each_with_its_twin():
    assert [path.stem[:2] for path in twins()] == [f"{n:02d}" for n in range(1, 14)]
    assert every() == sorted([*twins(), *map(chinese, twins())])


def test_the_list_of_lessons_names_each_by_its_title():
    listed = dict(
        re.findall(r"\[([^\]]+)\]\((\S+\.ipynb)\)", (FOLDER / "README.md").read_text("utf-8"))
    )
    titles = {
        re.split(r" · ", cells(path)[0].source.splitlines()[0])[1]: path.name for path in every()
    }
    assert listed == titles


class _WithoutWords(ast.NodeTransformer):
    """Takes out of code what may differ between languages: texts in Chinese and their twins."""

    def __init__(self, words: Iterator[bool]) -> None:
        self.words = words

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        if not next(self.words):
            return node
        values = {ast.dump(part) for part in node.values if isinstance(part, ast.FormattedValue)}
        return ast.Constant(" ".join(sorted(values)))

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.Constant("") if isinstance(node.value, str) and next(self.words) else node


def _texts(node: ast.AST) -> Iterator[str]:
    """Yield the texts of a tree as `_WithoutWords` meets them: outer ones, in order."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.JoinedStr):
            yield _fixed(child)
        elif isinstance(child, ast.Constant) and isinstance(child.value, str):
            yield child.value
        else:
            yield from _texts(child)


def _is_words(english: str, foreign: str) -> bool:
    return bool(CHINESE.search(foreign)) or (english, foreign) == ("en", "zh")


def same_code(english: str, foreign: str) -> bool:
    """Whether two pieces of code differ in nothing but words."""
    trees = [ast.parse(re.sub(r";$", "", one)) for one in (english, foreign)]
    texts = [list(_texts(tree)) for tree in trees]
    if len(texts[0]) != len(texts[1]):
        return False
    words = [_is_words(*pair) for pair in zip(*texts, strict=True)]
    one, two = (ast.dump(_WithoutWords(iter(words)).visit(tree)) for tree in trees)
    return one == two


@pytest.mark.parametrize(
    ("english", "foreign", "same"),
    [
        ("f(1, 'wait')", "f(1, '等待')", True),
        ("f(f'{a} of {b}')", "f(f'{b} 中的 {a}')", True),
        ("language = 'en'", "language = 'zh'", True),
        ("f(1, 'wait')", "f(2, '等待')", False),
        ("f('asa')", "f('wait')", False),
        ("f(f'{a} of {b}')", "f(f'{b} 中的 {c}')", False),
        ("f(f'{a:.1f} s')", "f(f'{a:.2f} 秒')", False),
        ("f('a', 'wait')", "f('等待')", False),
    ],
)
def test_the_comparison_of_code_sees_more_than_words(english: str, foreign: str, same: bool):
    assert same_code(english, foreign) is same


@pytest.mark.parametrize("path", twins(), ids=called)
def test_twins_have_the_same_cells_and_the_same_code(path: Path):
    english, foreign = cells(path), cells(chinese(path))
    assert [cell.id for cell in english] == [cell.id for cell in foreign]
    for one, two in zip(english, foreign, strict=True):
        assert (one.cell_type, one.metadata) == (two.cell_type, two.metadata)
        if one.cell_type == "code":
            assert same_code(one.source, two.source), one.id
        else:
            assert CHINESE.search(two.source), one.id
            assert not CHINESE.search(one.source.replace("呼损率", "")), one.id


def _fixed(text: ast.JoinedStr) -> str:
    return "".join(str(part.value) for part in text.values if isinstance(part, ast.Constant))


def _told(source: str) -> Iterator[str]:
    """Yield the fixed parts of every text that is shown by ``Markdown``."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Markdown":
            assert isinstance(node.args[0], ast.JoinedStr)
            yield _fixed(node.args[0])


@pytest.mark.parametrize("path", every(), ids=called)
def test_no_number_is_typed_into_prose(path: Path):
    for cell in cells(path):
        if cell.cell_type == "markdown":
            lines = cell.source.splitlines()  # a plan's minutes stand in a table
            prose = ["\n".join(x for x in lines if not x.startswith(("#", "|")))]
        else:
            prose = list(_told(cell.source))
        for text in prose:
            without = re.sub(r"(\$+|`)[^$`]*\1", "", NUMBERED.sub("", text))  # formulas, code apart
            assert not re.search(r"\d", without), f"{cell.id}: {without}"


@pytest.mark.parametrize("path", every(), ids=called)
def test_a_lesson_predicts_before_it_shows_and_has_all_its_parts(path: Path):
    parts = ["20", "<details>", "Solutions"] if path in twins() else ["20", "<details>", "答案"]
    text = "\n".join(cell.source for cell in cells(path))
    assert all(part in text for part in parts)
    shown = [
        place
        for place, cell in enumerate(cells(path))
        if any("image/png" in output.get("data", {}) for output in cell.get("outputs", []))
    ]
    ask = "Predict" if path in twins() else "预测"
    asked = [
        n
        for n, cell in enumerate(cells(path))
        if f"**{'先' if ask == '预测' else ''}{ask}" in cell.source
    ]
    formulas = [n for n, cell in enumerate(cells(path)) if "$" in cell.source]
    assert asked, "nothing is to be predicted"
    assert shown, "no picture is kept"
    assert asked[0] < shown[0] < min(formulas, default=len(text))


@pytest.mark.parametrize("path", every(), ids=called)
def test_a_lesson_is_kept_small_and_without_traces_of_a_run(path: Path):
    assert path.stat().st_size < MOST_BYTES
    for cell in cells(path):
        assert cell.get("execution_count") is None
        for output in cell.get("outputs", []):
            assert output.output_type in ("display_data", "execute_result"), cell.id


def _shown(book: list[Any]) -> list[list[str]]:
    """Return what each cell tells in words, and how many pictures it shows."""
    found = []
    for cell in book:
        data = [output.get("data", {}) for output in cell.get("outputs", [])]
        texts = [one["text/markdown"] for one in data if "text/markdown" in one]
        found.append([*texts, f"{sum('image/png' in one for one in data)} pictures"])
    return found


@pytest.mark.parametrize("path", twins(), ids=called)
def test_twins_tell_the_same_numbers(path: Path):
    told = []
    for book in (cells(path), cells(chinese(path))):
        text = " ".join(text for cell in _shown(book) for text in cell[:-1])
        told.append(set(re.findall(r"\d+(?:\.\d+)?", text)))
    assert told[0] == told[1]


def to_run():
    """Return the notebooks; twins, whose code is the same, are run whole in trials only."""
    return [
        pytest.param(path, marks=pytest.mark.trial if ".zh." in path.name else ())
        for path in every()
    ]


@pytest.mark.notebook
@pytest.mark.parametrize("path", to_run(), ids=called)
@pytest.mark.filterwarnings("default")  # those of the kernel's own libraries
def test_a_lesson_shows_what_a_run_gives(path: Path):
    kept = nbformat.read(path, as_version=4)
    assert _shown(execute(path).cells) == _shown(kept.cells)
