"""``simcenter backtest`` and ``forecast`` as a user meets them."""

from __future__ import annotations

import json

import pytest
import xlsxwriter

from simcenter.cli.main import _guarded
from simcenter.files.intervals import write_intervals
from simcenter.files.scenario import load
from simcenter.floor.tables import write_contacts
from tests.history.centre import records, scenario
from tests.history.folding import history as folded_history


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]):
    def run(*arguments: object) -> tuple[int, str, str]:
        code = _guarded([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    path = tmp_path_factory.mktemp("history") / "contacts.csv"
    write_contacts(path, records(21, agents=8))
    return path


def test_backtest_prints_a_page_and_writes_json(command, history, tmp_path):
    file = tmp_path / "found.json"
    code, out, err = command(
        *("backtest", history, "--calibrate-on", "2026-03-02..2026-03-15"),
        *("--hold-out", "2026-03-16..2026-03-22", "--replications", 20, "--json", file),
    )
    assert (code, err) == (0, "")
    assert out.startswith("Backtest: calibrated on 2026-03-02..2026-03-15")
    assert max(map(len, out.splitlines())) <= 80
    content = json.loads(file.read_text(encoding="utf-8"))
    assert content["held_out"] == ["2026-03-16..2026-03-22"]
    assert len([one for one in content["periods"] if one["kind"] == "day"]) == 5 * 7


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ["--calibrate-on", "2026-03-02..2026-03-15", "--hold-out", "2026-03-10..2026-03-20"],
            "--hold-out: 2026-03-10..2026-03-20 overlaps --calibrate-on 2026-03-02..2026-03-15",
        ),
        (
            ["--calibrate-on", "March", "--hold-out", "2026-03-10..2026-03-20"],
            "--calibrate-on: got 'March'; must be two dates",
        ),
        (
            ["--calibrate-on", "2026-03-02..2026-03-15", "--hold-out", "2027-03-10..2027-03-20"],
            "lies outside the records, which run from 2026-03-02 to 2026-03-22",
        ),
        (["--calibrate-on", "2026-03-02..2026-03-15"], "--hold-out"),
        (
            [
                *("--calibrate-on", "2026-03-02..2026-03-15", "--hold-out", "2026-03-16"),
                *("--interval-minutes", "7"),
            ],
            "--interval-minutes: got 7; must be one of 5, 10, 15, 20, 30, 60",
        ),
    ],
)
def test_backtest_refuses_in_one_sentence(command, history, options, message):
    code, out, err = command("backtest", history, *options)
    assert (code, out) == (2, "")
    assert message in err
    assert len(err.splitlines()) == 1


def test_forecast_writes_volumes_and_holds_them_against_what_came(command, history, tmp_path):
    pytest.importorskip("statsmodels")
    volumes, file = tmp_path / "volumes.csv", tmp_path / "found.json"
    code, out, err = command(
        *("forecast", history, "--until", "2026-03-15", "--horizon", 7),
        *("-o", volumes, "--json", file),
    )
    assert (code, err) == (0, "")
    assert "Forecast of 2026-03-16..2026-03-22 from 2026-03-02..2026-03-15" in out
    assert "forecast fit" in out
    against = json.loads(file.read_text(encoding="utf-8"))["against"]["fit"]["total"]
    assert against["month"]["fit"] > 0.85
    code, out, err = command("forecast", history, "--volumes", volumes)
    assert (code, err) == (0, "")
    assert "volumes.csv against what came, 2026-03-16..2026-03-22" in out


def test_a_forecast_and_its_uncertainty_are_laid_over_a_scenario(command, history, tmp_path):
    pytest.importorskip("statsmodels")
    (tmp_path / "base.toml").write_text(
        """
        [clock]
        opens = "08:00"
        closes = "16:00"
        [[contact_types]]
        name = "service"
        arrivals = { rate_per_hour = 10, factor = 2.0 }
        handle = { aht = 100 }
        [[agent_groups]]
        name = "general"
        skills = { service = 1 }
        staffing = 5
        """,
        encoding="utf-8",
    )
    volumes, overlay = tmp_path / "plans" / "volumes.csv", tmp_path / "ahead.toml"
    volumes.parent.mkdir()
    found = tmp_path / "found.json"
    code, _, err = command(
        *("forecast", history, "--horizon", 7, "-o", volumes),
        *("--what-if", overlay, "--json", found),
    )
    assert (code, err) == (0, "")
    told = json.loads(found.read_text(encoding="utf-8"))["contact_types"]["service"]
    arrivals = load(tmp_path / "base.toml", [overlay]).types[0].arrivals
    assert arrivals.day_factor_cv == pytest.approx(told["own_day_cv"], abs=1e-4)
    assert arrivals.interval_factor_cv == pytest.approx(told["interval_factor_cv"], abs=1e-4)
    assert arrivals.expected.sum() == pytest.approx(sum(told["expected"]), rel=0.01)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--horizon", "7", "--what-if", "x.toml"], "--what-if needs -o FILE"),
        ([], "forecast: give either --horizon DAYS or --volumes FILE"),
        (["--horizon", "0"], "horizon: got 0; must be 1 to 3660 days"),
        (["--horizon", "7", "--until", "2025-01-01"], "--until: 2025-01-01 is no day of the"),
        (["--volumes", "nowhere.csv"], "nowhere.csv"),
        (["--volumes", "x.csv", "-o", "y.csv"], "--volumes goes without -o"),
    ],
)
def test_forecast_refuses_in_one_sentence(command, history, options, message):
    code, out, err = command("forecast", history, *options)
    assert (code, out) == (2, "")
    assert message in err
    assert len(err.splitlines()) == 1


PARTS = ("--calibrate-on", "2026-03-02..2026-03-08", "--hold-out", "2026-03-09..2026-03-11")


@pytest.fixture(scope="module")
def table():
    return folded_history(scenario(10, agents=8))


@pytest.fixture(scope="module")
def intervals(table, tmp_path_factory):
    path = tmp_path_factory.mktemp("history") / "intervals.csv"
    write_intervals(path, table)
    return path


def grid(path, sheets):
    """Write a workbook of days down and half hours across, one sheet per measure."""
    workbook = xlsxwriter.Workbook(path)
    clock = workbook.add_format({"num_format": "hh:mm"})
    date = workbook.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = workbook.add_worksheet(name)
        sheet.write(0, 0, "日期")
        slots = sorted({start.time() for start in rows})
        days = sorted({start.date() for start in rows})
        for place, slot in enumerate(slots, 1):
            sheet.write_datetime(0, place, slot, clock)
        for place, day in enumerate(days, 1):
            sheet.write_datetime(place, 0, day, date)
        for start, value in rows.items():
            sheet.write(days.index(start.date()) + 1, slots.index(start.time()) + 1, value)
    workbook.close()
    return path


def test_backtest_reads_totals_by_interval(command, intervals, tmp_path):
    page, file = tmp_path / "page.html", tmp_path / "found.json"
    code, _, err = command(
        *("backtest", intervals, *PARTS, "--replications", 20, "--language", "zh", "--quiet"),
        *("--report", page, "--json", file),
    )
    assert (code, err) == (0, "")
    content = json.loads(file.read_text(encoding="utf-8"))
    assert (content["history"], content["agents"]) == ("intervals", "recorded")
    assert set(content["errors"]) == {
        *("offered", "asa", "abandonment_rate", "answer_rate", "service_level"),
    }
    assert "先到先得" in page.read_text(encoding="utf-8")


def test_backtest_reads_a_grid_of_each_measure(command, table, tmp_path):
    busy = table.rows(table.offered > 0)
    handled = (busy.talk_s + busy.wrap_s) / busy.answered
    starts = busy.start.tolist()
    file = grid(
        tmp_path / "grids.xlsx",
        {
            "人工请求量": dict(zip(starts, busy.offered.tolist(), strict=True)),
            "接通量": dict(zip(starts, busy.answered.tolist(), strict=True)),
            "放弃量": dict(zip(starts, busy.abandoned.tolist(), strict=True)),
            "平均应答速度": dict(
                zip(starts, (busy.wait_answered_s / busy.answered).tolist(), strict=True)
            ),
            "平均处理时长": dict(zip(starts, handled.tolist(), strict=True)),
        },
    )
    code, out, err = command("backtest", file, *PARTS, "--replications", 20)
    assert (code, err) == (0, "")
    assert "ASA is no test of staffing" in " ".join(out.split())
    assert "service level: not told by the table; left out" in out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--own-pace"], "backtest: --own-pace is for single contacts; this history holds totals"),
        (["--interval-minutes", "15"], "backtest: --interval-minutes is for single contacts"),
        (["--within", "30"], "--within: got 30; the table counts who was answered within 20 s"),
        (["--aht", "0"], "--aht: got 0; must be above 0"),
    ],
)
def test_backtest_of_totals_refuses_in_one_sentence(command, intervals, options, message):
    code, out, err = command("backtest", intervals, *PARTS, *options)
    assert (code, out) == (2, "")
    assert message in err
    assert len(err.splitlines()) == 1


def test_backtest_of_contacts_needs_no_handle_time(command, history):
    code, _, err = command("backtest", history, *PARTS, "--aht", 100)
    assert code == 2
    assert "--aht is for interval tables without handle times" in err


def test_backtest_of_daily_totals_says_what_is_needed(command, tmp_path):
    path = tmp_path / "daily.csv"
    days = [f"2026-03-{day:02d},{800 + day},{700 + day},{40}" for day in range(2, 20)]
    path.write_text("\n".join(["date,offered,answered,abandoned", *days]), encoding="utf-8")
    code, out, err = command("backtest", path, *PARTS)
    assert (code, out) == (2, "")
    assert "rows of 1440 minutes; needs totals by intervals of at most 60 minutes" in err
    assert len(err.splitlines()) == 1
