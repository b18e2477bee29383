"""No command that is killed leaves some of its files new and others old."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.cli.killed import COMMANDS


@pytest.mark.trial
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_that_writes_is_killed_at_every_move_and_tenth_of_a_second(tmp_path, name):
    done = subprocess.run(
        [sys.executable, "-m", "tests.cli.killed", str(tmp_path), name],
        check=True,
        capture_output=True,
        text=True,
    )
    lines = [line.split(",") for line in done.stdout.splitlines() if line.startswith(name)]
    assert [line[1] for line in lines] == ["moves", "moves", "time"]
    for _, _, kills, new in lines:
        assert int(kills) > int(new) >= 1
