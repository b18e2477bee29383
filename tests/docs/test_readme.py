"""What the README shows is what its commands print."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import pytest

from simcenter.cli.main import _guarded

README = Path(__file__).parents[2] / "README.md"
TEXT = README.read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, flags=re.DOTALL)


@pytest.fixture(autouse=True)
def _at_the_top(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(README.parent)


@pytest.mark.parametrize(("commands", "output", "code"), [(0, 0, 0), (3, 1, 0), (7, 2, 1)])
def test_the_output_shown_is_the_output_of_the_first_line(
    commands: int, output: int, code: int, capsys: pytest.CaptureFixture[str]
):
    command = blocks("sh")[commands].splitlines()[0].split("simcenter ", 1)[1]
    assert _guarded(shlex.split(command)) == code
    printed = iter(capsys.readouterr().out.splitlines())
    for line in blocks("text")[output].splitlines():
        if line != "...":
            assert line in printed, line  # in this order


def test_the_lines_to_install_are_those_that_ci_runs_in_one_environment():
    lines = (README.parent / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    first, second = (lines.index(block.strip()) for block in blocks("sh")[:2])
    assert first < second


def test_the_planners_commands_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    for line in (line for block in blocks("sh")[2:7] for line in block.splitlines()):
        arguments = shlex.split(
            line.replace("my-centre", str(tmp_path / "my-centre")).replace(
                "--plots pictures", f"--plots {tmp_path / 'pictures'}"
            )
        )[1:]
        if arguments[0] in {"run", "compare"}:
            arguments += ["--replications", "2"]
        assert _guarded(arguments) == 0, capsys.readouterr().err
        assert capsys.readouterr().out


def test_the_python_block_is_true():
    failed, tried = doctest.testfile(
        str(README), module_relative=False, optionflags=doctest.ELLIPSIS, encoding="utf-8"
    )
    assert tried > 0
    assert failed == 0


def test_every_file_named_exists():
    for target in re.findall(r"\]\((?!#|http)([^)]+)\)", TEXT):
        assert (README.parent / target).exists(), target
    for folder in re.findall(r"`((?:simcenter|tests|scenarios)/[\w./-]+)`", TEXT):
        assert (README.parent / folder).exists(), folder
