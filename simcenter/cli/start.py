"""``simcenter schema`` and ``simcenter new``: what a planner starts from."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

from simcenter.cli.output import wrote
from simcenter.errors import OutputError, reason_of
from simcenter.files.text import check_writable, write_text
from simcenter.files.together import finish_writing, folder_made, together
from simcenter.messages import Message, worded
from simcenter.model.specification import ScenarioFile
from simcenter.report.language import language_of

__all__ = ["print_schema", "write_new"]

TEMPLATES = {
    "scenario.toml": {"en": "scenario.toml", "zh": "scenario.zh.toml"},
    "agents.csv": {},
    "roster.csv": {},
}
"""What is written, and the template of each language where there is more than one."""


def print_schema() -> None:
    """Print the JSON Schema of a scenario file."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    schema.update(ScenarioFile.model_json_schema())
    print(json.dumps(schema, ensure_ascii=False, indent=1))


def write_new(folder: Path, language: str | None, *, force: bool) -> None:
    """Write the templates into a folder, comments in a language; all of them or none.

    Raises
    ------
    OutputError
        When one of the files exists and ``force`` is not given, or the folder cannot be made.
    """
    spoken = language_of(language)
    with together():
        try:
            folder_made(folder)
        except OSError as fault:
            raise OutputError(
                "{folder}: cannot be made a folder ({reason})",
                folder=folder,
                reason=reason_of(fault),
            ) from None
        for name in TEMPLATES:
            check_writable(folder / name, force=force)
        for name in reversed(TEMPLATES):
            source = TEMPLATES[name].get(spoken, name)
            text = files("simcenter.cli").joinpath("templates", source).read_text(encoding="utf-8")
            write_text(folder / name, text, force=force)
    finish_writing()
    print(wrote(", ".join(str(folder / name) for name in TEMPLATES), spoken))
    print(worded(Message("try: simcenter run {path}", path=folder / "scenario.toml"), spoken))
