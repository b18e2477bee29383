"""The command ``simcenter``: parse, call, print; and one sentence for every fault."""

from __future__ import annotations

import sys

import typer

import simcenter
from simcenter.cli.backtest import backtest_command
from simcenter.cli.beginning import new_command, schema_command, version_command
from simcenter.cli.calibrate import calibrate_command
from simcenter.cli.classroom import class_command, lesson_command, replay_command
from simcenter.cli.erlang import erlang_command
from simcenter.cli.forecast import forecast_command
from simcenter.cli.guard import guarded, reader_of
from simcenter.cli.observing import import_command, measure_command
from simcenter.cli.simulating import compare_command, run_command
from simcenter.cli.staff import staff_command
from simcenter.cli.validate import validate_command
from simcenter.cli.when import when_command
from simcenter.messages import Message

__all__ = ["app", "main"]

app = typer.Typer(
    name="simcenter",
    help="Simulate a contact centre: ASA, abandonment and answer rate, each with its interval.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

app.command("run")(run_command)
app.command("compare")(compare_command)
app.command("validate")(validate_command)
app.command("staff")(staff_command)
app.command("when")(when_command)
app.command("erlang")(erlang_command)
app.command("import")(import_command)
app.command("measure")(measure_command)
app.command("calibrate")(calibrate_command)
app.command("backtest")(backtest_command)
app.command("forecast")(forecast_command)
app.command("class")(class_command)
app.command("lesson")(lesson_command)
app.command("replay")(replay_command)
app.command("new")(new_command)
app.command("schema")(schema_command)
app.command("version")(version_command)


def main() -> None:
    """Run the command line and leave with its exit code."""
    if simcenter.__file__ is None:  # a folder that holds no package is found in its place
        sys.exit(_hidden(next(iter(simcenter.__path__))))
    sys.exit(_guarded(sys.argv[1:] or ["--help"]))


def _hidden(folder: str) -> int:
    from simcenter.cli.output import tell

    told = Message(
        "{folder}: is left over from an earlier install and hides this one; remove that folder",
        folder=folder,
    )
    tell(told, reader_of(sys.argv[1:]))
    return 2


def _guarded(arguments: list[str]) -> int:
    return guarded(app, arguments)
