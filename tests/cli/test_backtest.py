"""``simcenter backtest`` and ``forecast`` as a user meets them."""

from __future__ import annotations

import json

import pytest

from simcenter.cli.main import _guarded
from simcenter.files.scenario import load
from simcenter.floor.tables import write_contacts
from tests.history.centre import records


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
