"""What stands around every command: its page, one sentence for every fault, its exit code."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence

import typer

from simcenter.cli.beats import Beats
from simcenter.cli.usage import usage_fault
from simcenter.errors import InputError, reason_of
from simcenter.files.together import together
from simcenter.messages import Message, worded
from simcenter.report.language import language_of
from simcenter.report.layout import Page, page

__all__ = ["guarded", "page_of_terminal", "reader_of"]


def guarded(app: typer.Typer, arguments: Sequence[str]) -> int:
    """Run the command line; return 0 done, 2 the input is at fault, 70 our fault, 130 interrupted.

    Other codes are those that a command returns.
    """
    _open_streams()
    Beats.begin()
    language = reader_of(arguments)
    if language == "zh" and "--help" in arguments:
        from simcenter.cli.help import help_text

        print(help_text(app, arguments, language))
        return 0
    try:
        with page(page_of_terminal()), together():
            code = app(args=list(arguments), prog_name="simcenter", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except InputError as fault:
        return _say(fault, 2, language)
    except (KeyboardInterrupt, typer.Abort):
        return _say(Message("interrupted"), 130, language)
    except (BrokenPipeError, SystemExit):  # the parser of options turns the first into the second
        # whoever reads our output has enough; keep Python from complaining at the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as fault:
        path = fault.filename or Message("standard output")
        told = Message("{path}: cannot be written ({reason})", path=path, reason=reason_of(fault))
        return _say(told, 2, language)
    except MemoryError:
        told = Message("this needs more memory than there is; less data or fewer days need less")
        return _say(told, 2, language)
    except Exception as fault:
        if str(fault) == "Query interrupted":  # how duckdb passes on Ctrl-C
            return _say(Message("interrupted"), 130, language)
        if hasattr(fault, "format_message"):  # what the parser of options raises
            misused = usage_fault(fault.format_message(), getattr(fault, "ctx", None))
            return 2 if misused is None else _say(misused, 2, language)
        if os.environ.get("SIMCENTER_TRACEBACK"):
            raise
        told = Message(
            "internal error ({kind}: {fault}); set SIMCENTER_TRACEBACK=1 to see where",
            kind=type(fault).__name__,
            fault=fault,
        )
        return _say(told, 70, language)


def _open_streams() -> None:
    """Let what nobody reads go nowhere: a stream that was closed before the start is None."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123


def _say(fault: object, code: int, language: str) -> int:
    print(f"simcenter: {' '.join(worded(fault, language).split())}", file=sys.stderr)
    return code


def reader_of(arguments: Sequence[str]) -> str:
    """Return the language that a command line asks for, also where that line is at fault.

    Examples
    --------
    >>> reader_of(["run", "day.toml", "--language", "zh"]), reader_of(["run", "--language=en"])
    ('zh', 'en')
    """
    asked = None
    for place, argument in enumerate(arguments):
        if argument.startswith("--language="):
            asked = argument.partition("=")[2]
        elif argument == "--language":
            asked = next(iter(arguments[place + 1 :]), None)
    for given in (asked, None):
        try:
            return language_of(given)
        except InputError:
            continue  # the command itself says what is wrong with it
    return "en"


def page_of_terminal() -> Page:
    """Return the page that standard output is: columns and colours of a terminal, else neither."""
    if not sys.stdout.isatty():
        return Page()
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return Page(shutil.get_terminal_size().columns, colour=not plain)
