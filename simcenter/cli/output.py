"""Where results go: tables to standard output, JSON to a file or there, progress to the side."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Sequence
from os.path import realpath  # which does not fail where links go in a circle
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simcenter.cli.beats import Beats
from simcenter.errors import OutputError, reason_of
from simcenter.experiment.standing import Standing, Watch
from simcenter.files.together import finish_writing
from simcenter.messages import Message, worded
from simcenter.report.layout import width
from simcenter.report.progress import count_text, progress_text

if TYPE_CHECKING:
    from simcenter.files.workbook import Table

__all__ = [
    "Count",
    "Progress",
    "check_excel",
    "check_outputs",
    "emit",
    "tell",
    "tell_compiling",
    "write_excel",
    "wrote",
]


def tell(message: Message, language: str) -> None:
    """Print a remark on standard error, in the language of the reader."""
    print(f"simcenter: {worded(message, language)}", file=sys.stderr)


def tell_compiling(language: str, *, quiet: bool) -> None:
    """Say why nothing is seen to happen for a while, where the engine is yet to be compiled."""
    from simcenter.compiling.folder import fault
    from simcenter.floor.compiled import compiles_first

    if quiet or not compiles_first():
        return
    refused = fault()
    if refused is None:
        return tell(Message("compiling the engine; this happens once"), language)
    told = Message(
        "compiling the engine, as at every start, because compiled code cannot be kept: {path}: "
        "cannot be written ({reason}); NUMBA_CACHE_DIR can name another folder",
        path=refused.filename,
        reason=reason_of(refused),
    )
    tell(told, language)


def wrote(path: object, language: str) -> str:
    """Return the line that tells of a file."""
    return worded(Message("wrote {path}", path=path), language)


def check_outputs(*files: str | None, force: bool, read: Sequence[Path] = ()) -> None:
    """Refuse, before any work is done, files that could not be written at the end.

    Raises
    ------
    OutputError
        Also when two outputs name the same file, or one of those that are ``read``.
    """
    from simcenter.files.text import check_writable

    named = [Path(file) for file in files if file is not None and file != "-"]
    inputs = {realpath(path) for path in read}
    for path in named:
        if realpath(path) in inputs:
            raise OutputError("{path}: is read by this command and cannot be its output", path=path)
        check_writable(path, force=force)
        if sum(realpath(other) == realpath(path) for other in named) > 1:
            raise OutputError(
                "{path}: is named for two outputs; each needs a file of its own", path=path
            )


def check_excel(excel: str | None, *, force: bool) -> None:
    """Refuse, before any work is done, a workbook that could not be written.

    Raises
    ------
    OutputError
        See `simcenter.files.workbook.check_workbook`.
    """
    from simcenter.files.workbook import check_workbook

    if excel is not None:
        check_workbook(Path(excel), force=force)


def write_excel(
    excel: str | None,
    tables: Callable[[dict[str, Any], str], Sequence[Table]],
    content: dict[str, Any],
    language: str,
    *,
    force: bool,
) -> None:
    """Write the tables of what was found as a workbook, where one was asked for."""
    from simcenter.files.workbook import write_workbook

    if excel is not None:
        write_workbook(Path(excel), tables(content, language), force=force)


def emit(
    text: str, content: dict[str, Any], json_file: str | None, *, quiet: bool, force: bool
) -> None:
    """Print the text, or the JSON where ``-`` was asked for; write JSON to its file.

    Whatever the command writes is written before.
    """
    from simcenter.files.text import write_text
    from simcenter.report.document import to_json

    if json_file is not None and json_file != "-":
        write_text(Path(json_file), to_json(content), force=force)
    finish_writing()
    if json_file == "-":
        sys.stdout.write(to_json(content))
    elif not quiet:
        print(text)
    sys.stdout.flush()


def _show(line: str) -> None:
    """Put a line in place of the one shown before, cut where the terminal ends."""
    room = max(shutil.get_terminal_size().columns - 1, 20)
    while width(line) > room:
        line = line[:-1]
    print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)


class Progress(Watch):
    """A line on standard error: replications done, time left, an estimate; few off a terminal."""

    def __init__(self, *, quiet: bool, language: str = "en") -> None:
        self.quiet = quiet
        self.shown = not quiet and sys.stderr.isatty()
        self.language = language
        self.begun = self.last = time.monotonic()

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self.shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def see(self, standing: Standing) -> None:
        """Show how far the replications are, ten times a second at most."""
        now = time.monotonic()
        if not (self.shown or self.quiet):
            Beats.say(progress_text(standing, now - self.begun, self.language), self.language)
        if not self.shown or now - self.last < 0.1:
            return
        self.last = now
        _show(progress_text(standing, now - self.begun, self.language))


class Count:
    """A line on standard error that counts runs and tells the time left; few off a terminal.

    ``stage`` says of what.
    """

    def __init__(self, *, quiet: bool, language: str = "en", stage: Message | None = None) -> None:
        self.quiet = quiet
        self.stage = stage
        self.shown = not quiet and sys.stderr.isatty()
        self.language = language
        self.begun = time.monotonic()
        self.last = 0.0

    def __call__(self, done: int, of: int) -> None:
        """Show that so many are done; the line goes when all are."""
        now = time.monotonic()
        left = (now - self.begun) / max(done, 1) * (of - done)
        text = count_text(done, of, left, self.language)
        if self.stage is not None:
            text = worded(Message("{stage}: {text}", stage=self.stage, text=text), self.language)
        if not (self.shown or self.quiet):
            Beats.say(text, self.language)
        if not self.shown or (now - self.last < 0.1 and done < of):
            return
        self.last = now
        _show("" if done == of else text)
