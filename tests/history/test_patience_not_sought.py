"""What is said of patience where it was not sought, and callers did leave."""

from __future__ import annotations

from pathlib import Path

import pytest

from simcenter.cli.main import _guarded as run


@pytest.mark.parametrize(("abandoned", "told"), [(3, True), (0, False)])
def test_who_left_is_not_denied(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], abandoned: int, told: bool
):
    head = "start,minutes,queue,offered,answered,abandoned,talk_s"
    rows = [
        f"2026-01-{day:02d}T{hour:02d}:00,60,calls,33,{33 - abandoned},{abandoned},6000"
        for day in range(5, 10)
        for hour in range(8, 12)
    ]
    history = tmp_path / "history.csv"
    history.write_text("\n".join([head, *rows, ""]))
    out = str(tmp_path / "s.toml")
    assert run(["calibrate", str(history), "-o", out, "--no-match"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert ("not known; nobody left the queue, or no wait is told" in text) is not told
    assert ("was not sought, though 60 left the queue" in text) is told
    assert ("so callers never abandon, though 60 left" in text) is told
