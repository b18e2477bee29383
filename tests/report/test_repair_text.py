"""Repairs as text, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from simcenter.report.layout import width
from simcenter.report.repair_text import repair_text
from simcenter.validation.repair import Repairs, repair
from tests.validation.desk import counted, rostered, shift

NAMES = [f"agent {n}" for n in range(1, 8)]


def bunched(folder: Path, **rules: object) -> Repairs:
    rows = [r for n in NAMES for r in shift(n, "08:00-11:00", "break 09:30-09:45")]
    scenario = rostered(folder, rows, rules=rules or None)
    return repair(scenario, search_replications=40, fresh_replications=60)


def test_a_repair_tells_what_changes_and_what_it_does(tmp_path: Path):
    found = bunched(tmp_path)
    english, chinese = repair_text(found), repair_text(found, "zh")
    change = found.repairs[0].changes[0]
    assert change.english in english
    assert change.chinese in chinese
    assert "break 09:30-09:45 moves to " in english
    assert "小休 09:30-09:45 改为 " in chinese
    assert "no paid hours more" in english
    assert "不增加带薪工时" in chinese
    assert "calls, 09:30: service level" in english
    assert max(map(width, english.splitlines())) <= 80


def test_where_nothing_repairs_it_tells_what_is_missing(tmp_path: Path):
    found = bunched(tmp_path, move={"break": {"minutes": 0}})
    hours = sum(change.agent_hours for change in found.missing)
    text = repair_text(found)
    assert "Nothing that the rules permit repairs the roster." in text
    assert f"Missing: {hours:.1f} agent-hours beside the roster:\n   desk: " in text
    assert "agents more 09:30-10:00" in text
    assert "缺口" in repair_text(found, "zh")


def test_counts_are_told_as_counts(tmp_path: Path):
    found = repair(
        counted(tmp_path, [4, 7, 7, 4, 7, 7]), search_replications=40, fresh_replications=60
    )
    text = repair_text(found)
    assert "more 08:00-08:30" in text
    assert "paid hours (cost +" in text
    assert "touched" not in text


def test_what_holds_needs_nothing(tmp_path: Path):
    rows = [row for n in range(14) for row in shift(f"a{n}", "08:00-11:00")]
    found = repair(rostered(tmp_path, rows), search_replications=10, fresh_replications=30)
    assert "so none was looked for" in " ".join(repair_text(found).split())
    assert "因此未寻找修复方案" in repair_text(found, "zh")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_long_scenario_names_the_day(tmp_path: Path, language: str):
    rows = [
        r
        for d in (1, 2)
        for n in NAMES
        for r in shift(n, "08:00-11:00", "break 09:30-09:45", day=d)
    ]
    found = repair(rostered(tmp_path, rows, days=2), search_replications=40, fresh_replications=60)
    told = [*found.repairs, *([found.best] if found.best else [])]
    assert told
    text = repair_text(found, language)
    assert ("on day 2" if language == "en" else "第 2 天") in text
