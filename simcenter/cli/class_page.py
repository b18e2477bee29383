"""What ``simcenter class``, ``lesson`` and ``replay`` do."""

from __future__ import annotations

import ipaddress
import sys
from collections.abc import Sequence
from pathlib import Path

from simcenter.classroom.bases import base_of_file
from simcenter.classroom.grid import lesson_document, replay_document
from simcenter.classroom.lessons import LESSONS, lesson_named, lessons
from simcenter.classroom.page import live_document, names_in, page_data, page_files, with_font
from simcenter.classroom.room import Room
from simcenter.classroom.serve import address_of, free_socket, needed, serve
from simcenter.cli.output import Count, check_outputs, tell_compiling
from simcenter.errors import InputError
from simcenter.files.text import write_text
from simcenter.files.together import finish_writing
from simcenter.report.class_sentences import COMMANDS
from simcenter.report.language import language_of

__all__ = ["list_lessons", "serve_class", "write_lesson", "write_replay"]


def serve_class(
    scenario: str | None,
    *,
    overlays: Sequence[str],
    settings: Sequence[str],
    day: str,
    host: str,
    port: int,
    browser: bool,
    language: str | None,
) -> None:
    """Serve the page until Ctrl-C; see the help of ``simcenter class`` for the parameters.

    Raises
    ------
    InputError
        When something asked for cannot be, or the server is not installed.
    """
    language = language_of(language)
    words = COMMANDS[language]
    needed()
    if scenario is None and (overlays or settings or day != "1"):
        raise InputError("--overlay, --set and --day change a scenario; name one")
    taught = lessons()
    bases = {lesson.base.key: lesson.base for lesson in taught.values()}
    start = {**next(iter(taught.values())).start}
    start["base"] = next(iter(bases))
    if scenario is not None:
        own = base_of_file(scenario, overlays, settings, day=day)
        bases = {own.key: own, **bases}
        start = {
            "lesson": None,
            "base": own.key,
            "changesA": {},
            "changesB": None,
            "seed": own.seed,
        }
    room = Room(bases, taught)
    data = page_data(
        "live",
        language,
        lessons=[lesson.to_json_dict() for lesson in taught.values()],
        sliders=[slider.to_json_dict() for slider in bases[start["base"]].sliders.values()],
        start=start,
        scene=None,
    )
    from simcenter.classroom.app import class_app

    names = [name for base in bases.values() for name in names_in(base.scenario)]
    files = with_font(page_files(), data, names)
    app = class_app(room, live_document(data, files), files, host)
    listening = free_socket(host, port)
    address = address_of(listening, host)
    if port and listening.getsockname()[1] != port:
        print(words["taken"].format(port=port), file=sys.stderr)
    if not _own_computer(host):
        print(words["open"].format(host=host), file=sys.stderr)
    tell_compiling(language, quiet=False)
    print(words["serving"].format(address=address), flush=True)
    serve(app, room, listening, address, browser)


def _own_computer(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def list_lessons(language: str | None) -> None:
    """Print the names of the lessons and what they are called."""
    language = language_of(language)
    widest = max(map(len, LESSONS))
    for key, lesson in lessons().items():
        print(f"{key:{widest}}  {lesson.title[language]}")


def write_lesson(
    name: str | None, output: str | None, *, language: str | None, quiet: bool, force: bool
) -> None:
    """Write one lesson as one file.

    Raises
    ------
    InputError
        When there is no such lesson, or the file cannot be written.
    """
    language = language_of(language)
    if name is None:
        raise InputError(
            "lesson: name one of {lessons}, or give --list", lessons=", ".join(LESSONS)
        )
    lesson = lesson_named(name)
    path = _output(output, f"lesson {name}", force=force)
    tell_compiling(language, quiet=quiet)
    text = lesson_document(lesson, language, Count(quiet=quiet, language=language))
    _write(path, text, language, quiet=quiet, force=force)


def write_replay(
    scenario: str,
    output: str | None,
    *,
    overlays: Sequence[str],
    settings: Sequence[str],
    day: str,
    language: str | None,
    quiet: bool,
    force: bool,
) -> None:
    """Write a day of a scenario as one file; errors as of `write_lesson`."""
    language = language_of(language)
    base = base_of_file(scenario, overlays, settings, day=day)
    path = _output(output, f"replay {scenario}", force=force, read=base.scenario.sources)
    tell_compiling(language, quiet=quiet)
    text = replay_document(base, language, Count(quiet=quiet, language=language))
    _write(path, text, language, quiet=quiet, force=force)


def _output(output: str | None, command: str, *, force: bool, read: Sequence[Path] = ()) -> Path:
    if output is None:
        raise InputError(
            "--output: is missing; name a file: simcenter {command} -o page.html", command=command
        )
    check_outputs(output, force=force, read=read)
    return Path(output)


def _write(path: Path, text: str, language: str, *, quiet: bool, force: bool) -> None:
    write_text(path, text, force=force)
    finish_writing()
    if not quiet:
        size = len(text.encode()) / 1e6
        print(COMMANDS[language]["written"].format(path=path, size=f"{size:.1f}"))
