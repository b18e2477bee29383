from __future__ import annotations

import pytest

import simcenter
from simcenter.errors import InputError
from simcenter.experiment.opening import same_patience
from simcenter.experiment.patience_from import DAYS, with_patience
from simcenter.files.scenario import load as load_files
from simcenter.files.scenario import resolve
from simcenter.floor.run import run
from simcenter.model.patience import Sought
from tests.floor.stage import staffed, table
from tests.validation.stage import kind

FILE = """
[clock]
opens = "08:00"
closes = "12:00"
[[contact_types]]
name = "a"
arrivals = { rate_per_hour = 100 }
patience = { from = { abandonment_rate = RATE, asa = ASA } }
handle = { aht = 180 }
[[agent_groups]]
name = "g"
skills = { a = 1 }
staffing = 6
"""


def shown(patience, agents=6):
    """What the floor shows with a patience: abandonment rate and ASA."""
    scenario = resolve(table([staffed("g", agents)], [kind(patience=patience)]), "given")
    results = simcenter.simulate(scenario, DAYS, workers=1).results
    return [results.value(key).mean for key in ("abandonment_rate", "asa")]


def sought(rate, asa, agents=6):
    seen = {"from": {"abandonment_rate": rate, "asa": asa}}
    return resolve(table([staffed("g", agents)], [kind(patience=seen)]), "sought")


@pytest.mark.parametrize(
    "patience",
    [
        {"distribution": "exponential", "mean": 120},
        {"distribution": "weibull", "mean": 90, "shape": 3},
        {"distribution": "exponential", "mean": 200, "balk": 0.15},
    ],
    ids=["exponential", "alike", "balking"],
)
def test_what_a_patience_shows_leads_back_to_one_that_shows_the_same(patience):
    rate, asa = shown(patience)
    found = with_patience(sought(rate, asa))
    again = simcenter.simulate(found, DAYS, workers=1).results
    assert again.value("abandonment_rate").mean == pytest.approx(rate, rel=0.12)
    assert again.value("asa").mean == pytest.approx(asa, rel=0.15)
    assert "patience: found from abandonment" in found.assumed[-1]


def test_exponential_patience_is_found_again():
    rate, asa = shown({"distribution": "exponential", "mean": 120})
    found = with_patience(sought(rate, asa)).types[0]
    assert found.balk < 0.05
    assert found.patience.mean == pytest.approx(120, rel=0.2)


def test_a_pair_that_no_patience_gives_is_one_sentence():
    with pytest.raises(InputError, match="no patience gives abandonment 30 % and ASA 5 s") as fault:
        with_patience(sought(0.30, 5.0, agents=12))
    assert "the nearest" in str(fault.value)
    assert "\n" not in str(fault.value)


def test_nothing_comes():
    one = kind(patience={"from": {"abandonment_rate": 0.1, "asa": 9}})
    one["arrivals"] = {"rate_per_hour": 0}
    with pytest.raises(InputError, match="no contact of this type enters a queue"):
        with_patience(resolve(table([staffed("g", 6)], [one]), "none"))


def test_nobody_draws_from_a_patience_that_was_not_found():
    with pytest.raises(InputError, match="is to be found by simulation first"):
        run(sought(0.1, 10.0))


@pytest.fixture
def file(tmp_path):
    rate, asa = shown({"distribution": "exponential", "mean": 120})
    path = tmp_path / "scenario.toml"
    path.write_text(FILE.replace("RATE", f"{rate:.4f}").replace("ASA", f"{asa:.2f}"))
    return path


def test_what_ifs_meet_the_callers_of_today(file):
    today = simcenter.load(file)
    more = simcenter.load(file, settings=["contact_types.a.arrivals.factor=1.3"])
    assert more.types[0].patience == today.types[0].patience
    assert more.types[0].arrivals.expected.sum() == pytest.approx(520)
    assert more.assumed == today.assumed
    given = "contact_types.a.patience={distribution='exponential', mean=77}"
    own = simcenter.load(file, settings=[given])
    assert own.types[0].patience.mean == 77.0


def test_a_scenario_of_the_files_alone_keeps_it_open(file):
    scenario = load_files(file)
    assert isinstance(scenario.types[0].patience, Sought)
    found = simcenter.load(file)
    assert same_patience(scenario, found).types[0].patience == found.types[0].patience


@pytest.mark.parametrize(
    ("written", "match"),
    [
        (
            "{ from = { abandonment_rate = 6, asa = 25 } }",
            "abandonment_rate: got 6; must be below 1",
        ),
        ("{ from = { abandonment_rate = 0.06 } }", "patience.from: 'asa' is missing"),
        (
            "{ from = { abandonment_rate = 0.06, ass = 9 } }",
            "unknown key 'ass'; did you mean 'asa'",
        ),
        ("{ from = { abandonment_rate = 0.06, asa = 9 }, balk = 0.1 }", "unknown key 'balk'"),
        ("{ from = 5 }", "patience.from: got 5; must be a table"),
    ],
)
def test_bad_input(file, written, match):
    lines = file.read_text().splitlines()
    lines = [f"patience = {written}" if line.startswith("patience") else line for line in lines]
    file.write_text("\n".join(lines))
    with pytest.raises(InputError, match=match):
        simcenter.load(file)
