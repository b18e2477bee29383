"""Workbooks: the numbers of the results, in both languages, safe and readable."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest
import python_calamine

import simcenter
from simcenter.errors import OutputError
from simcenter.files.workbook import As, Chart, Column, Table, write_workbook
from simcenter.report.document import document
from simcenter.report.workbook import results_tables
from simcenter.report.workbook.words import WORDS, measure_name

CLINIC = "scenarios/clinic/scenario.toml"


def sheets(path: Path) -> dict[str, list[list[object]]]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def place_of(row) -> bool:
    """Whether a row is of all contact types and all groups."""
    return row["contact_type"] is None and row["agent_group"] is None


def part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode()


@pytest.fixture(scope="module")
def content():
    return document(simcenter.simulate(simcenter.load(CLINIC), replications=5))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_workbook_holds_the_results(content, tmp_path: Path, language: str):
    path = tmp_path / "run.xlsx"
    write_workbook(path, results_tables(content, language))
    found = sheets(path)
    place = {"en": 0, "zh": 1}[language]
    names = [WORDS[key][place] for key in ("summary", "intervals", "groups", "about")]
    assert list(found) == names
    summary = {row[0]: row[1:3] for row in found[names[0]]}
    for key in ("asa", "service_level", "answer_rate", "abandonment_rate", "offered"):
        told = content["total"][key]
        expected = pytest.approx([told["mean"], told["half_width"]], rel=1e-14)
        assert summary[measure_name(key, language)] == expected
    head, *rows = found[names[1]]
    told = [row["asa"] for row in content["intervals"] if place_of(row)]
    told = [-1 if value is None else value["mean"] for value in told]
    asa = head.index(measure_name("asa", language))
    shown = [-1 if row[asa] == "" else row[asa] for row in rows]
    assert shown == pytest.approx(told, rel=1e-14)
    about = dict(row[:2] for row in found[names[-1]])
    assert about[WORDS["scenario_hash"][place]] == content["scenario_hash"]


def test_headings_are_frozen_and_shares_are_percentages(content, tmp_path: Path):
    path = tmp_path / "run.xlsx"
    write_workbook(path, results_tables(content))
    assert 'state="frozen"' in part(path, "xl/worksheets/sheet2.xml")
    assert "0.0%" in part(path, "xl/styles.xml")
    assert "serviceLevel" not in part(path, "xl/charts/chart1.xml")
    assert "lineChart" in part(path, "xl/charts/chart1.xml")


def test_a_name_is_never_a_formula_nor_a_link(tmp_path: Path):
    path = tmp_path / "names.xlsx"
    evil = ['=HYPERLINK("http://x","y")', "http://example.org", "+1", "@SUM(A1)"]
    write_workbook(path, [Table("a/b[c]", [Column("name")], [[text] for text in evil])])
    assert [row[0] for row in sheets(path)["a b c"][1:]] == evil
    assert "<f>" not in part(path, "xl/worksheets/sheet1.xml")
    assert "hyperlink" not in part(path, "xl/worksheets/sheet1.xml").lower()


def test_cells_are_what_they_are(tmp_path: Path):
    path = tmp_path / "cells.xlsx"
    columns = [Column("clock", "clock"), Column("date", "date"), Column("share", "share")]
    rows = [[30600.0, dt.date(2026, 3, 2), 0.25], [None, None, float("inf")]]
    write_workbook(
        path, [Table("t", columns, rows), Table("T", [Column("")], [[As(1.5, "share")]])]
    )
    found = sheets(path)
    assert list(found) == ["t", "T (2)"], "Excel takes no two names that differ in case only"
    clock, date, share = found["t"][1]
    assert (clock, date, share) == (dt.timedelta(hours=8.5), dt.date(2026, 3, 2), 0.25)
    assert found["t"][2] == ["", "", "∞"]


def test_a_chart_names_its_series_and_axes(tmp_path: Path):
    path = tmp_path / "chart.xlsx"
    columns = [Column("start", "clock"), Column("calls", "number"), Column("level", "share")]
    chart = Chart("Calls", [1], [2], "calls", "level")
    rows = [[60.0 * n, n, n / 10] for n in range(5)]
    write_workbook(path, [Table("t", columns, rows, chart=chart)])
    drawn = part(path, "xl/charts/chart1.xml")
    assert "barChart" in drawn
    assert "lineChart" in drawn
    assert drawn.count("<c:ser>") == 2


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("run.xls", r"has '.xls'; the name of a workbook must end in .xlsx"),
        ("run", "has no ending"),
        ("nowhere/run.xlsx", "does not exist"),
        ("there.xlsx", "exists already; use --force"),
    ],
)
def test_what_cannot_be_written_is_said(tmp_path: Path, name: str, said: str):
    (tmp_path / "there.xlsx").write_text("mine")
    with pytest.raises(OutputError, match=said):
        write_workbook(tmp_path / name, [Table("t", [Column("a")], [])])
    assert (tmp_path / "there.xlsx").read_text() == "mine"


def test_every_word_has_both_languages():
    for key, (english, chinese) in WORDS.items():
        assert english, key
        assert any("一" <= sign <= "鿿" for sign in chinese) or chinese == english, key
        assert english.count("{") == chinese.count("{"), key
