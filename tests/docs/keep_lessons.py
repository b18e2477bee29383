"""Execute lessons and keep what they show: ``python -m tests.docs.keep_lessons [NAME ...]``.

For when a result or a word changes; without names all are made anew. What is kept are words
and small pictures, no counts, no times and nothing of sliders, so that the same lesson gives
the same file.
"""

from __future__ import annotations

import base64
import io
import sys
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from PIL import Image

FOLDER = Path(__file__).parents[2] / "notebooks"
COLOURS = 48
"""Of a kept picture; plots have few."""

SLIDERS = "application/vnd.jupyter.widget-view+json"


def execute(path: Path) -> Any:
    """Return a lesson as it is after a run from its first cell to its last."""
    book = nbformat.read(path, as_version=4)
    NotebookClient(book, timeout=600, resources={"metadata": {"path": str(FOLDER)}}).execute()
    return book


def kept(book: Any) -> str:
    """Return an executed lesson as the text of its file."""
    book.metadata.pop("widgets", None)
    for cell in book.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.execution_count = None
            cell.outputs = [one for one in cell.outputs if SLIDERS not in one.get("data", {})]
            for output in cell.outputs:
                _make_small(output)
    return f"{nbformat.writes(book, version=4).rstrip()}\n"


def _make_small(output: Any) -> None:
    if output.output_type == "execute_result":
        output["execution_count"] = None
    if "image/png" in output.get("data", {}):
        picture = Image.open(io.BytesIO(base64.b64decode(output["data"]["image/png"])))
        few = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        stream = io.BytesIO()
        few.save(stream, "PNG", optimize=True)
        output["data"]["image/png"] = base64.b64encode(stream.getvalue()).decode()


if __name__ == "__main__":
    for lesson in sorted(FOLDER.glob("*.ipynb")):
        if len(sys.argv) == 1 or lesson.name.startswith(tuple(sys.argv[1:])):
            lesson.write_text(kept(execute(lesson)), encoding="utf-8")
            print(lesson.name, flush=True)
