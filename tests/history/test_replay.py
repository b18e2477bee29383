"""A day replayed: arrivals exact, patience with censoring, agents and groups inferred."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import tomllib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simcenter.errors import OutputError, RecordError
from simcenter.files.scenario import load
from simcenter.floor.records import Outcome
from simcenter.floor.tables import read_contacts
from simcenter.history import import_records, read_mapping, replay_scenario
from simcenter.history.fitting import fit_type, thinned
from simcenter.history.presence import distinct, find_groups, present, stretches_of
from simcenter.history.survival import fit_patience, kaplan_meier

from .bank import busy_day, call, write

DAY = dt.date(1999, 1, 4)
NINE = 9 * 3600


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    """Two generated days."""
    path = tmp_path_factory.mktemp("bank") / "bank.txt"
    write(path, busy_day(1) + busy_day(2, date="990105"))
    return import_records([path], read_mapping("technion-bank"))[0]


def table_of(tmp_path, rows):
    return import_records([write(tmp_path / "r.txt", rows)], read_mapping("technion-bank"))[0]


def column(path, name):
    with path.open(encoding="utf-8", newline="") as file:
        return [float(row[name]) for row in csv.DictReader(file) if row[name]]


def test_the_folder_holds_the_day(history, tmp_path):
    written = replay_scenario(history, DAY, tmp_path / "deep" / "monday")
    folder = tmp_path / "deep" / "monday"
    assert sorted(path.name for path in written) == sorted(p.name for p in folder.iterdir())
    assert written[0] == folder / "scenario.toml"
    scenario = tomllib.loads(written[0].read_text(encoding="utf-8"))
    assert scenario["clock"]["opens"] == "08:00"
    assert scenario["clock"]["closes"] == "16:00"
    assert scenario["clock"]["first_day"] == DAY
    today = history.day == 1
    for kind in scenario["contact_types"]:
        mine = today & (history.contact_type == history.types.index(kind["name"]))
        times = kind["arrivals"]["times"]
        np.testing.assert_array_equal(
            column(folder / times["file"], times["column"]), np.sort(history.arrival[mine])
        )
        left = (history.outcome[mine] == Outcome.ivr_abandoned).mean()
        assert kind["ivr"]["abandon"] == pytest.approx(left, abs=1e-6)
        for part in (kind["ivr"]["duration"], kind["handle"]["talk"], kind["patience"]):
            values = column(folder / part["file"], part["column"])
            assert len(values) >= 50
            assert min(values) >= 0
        assert kind["handle"]["hold"] == {"distribution": "constant", "value": 0}
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert f"Observed: {int(today.sum())} contacts" in readme
    assert str(tmp_path) not in readme


def test_the_loader_reads_the_folder(history, tmp_path):
    scenario = load(replay_scenario(history, DAY, tmp_path / "s")[0])
    assert scenario.name == "Replay of 1999-01-04"
    assert [kind.name for kind in scenario.types] == ["IN", "NW", "PS"]
    assert all(kind.patience is not None for kind in scenario.types)


def test_the_observed_table_is_the_day_alone(history, tmp_path):
    replay_scenario(history, dt.date(1999, 1, 5), tmp_path / "s")
    (observed,) = read_contacts(tmp_path / "s" / "observed.csv", types=history.types)
    second = history.day == 2
    assert observed.first_date == dt.date(1999, 1, 5)
    assert set(observed.day) == {1}
    assert observed.contact_id.tolist() == list(range(1, int(second.sum()) + 1))
    np.testing.assert_array_equal(observed.arrival, history.arrival[second] - 86400)
    np.testing.assert_array_equal(observed.wait_s, history.wait_s[second])
    answered = observed.outcome == Outcome.answered
    assert set(np.array(observed.groups)[observed.group[answered]]) == {"agents_1", "agents_2"}


def test_types_with_people_of_their_own_get_a_group(history, tmp_path):
    scenario = tomllib.loads(
        replay_scenario(history, DAY, tmp_path / "s")[0].read_text(encoding="utf-8")
    )
    skills = [group["skills"] for group in scenario["agent_groups"]]
    assert skills == [{"NW": 1, "PS": 1}, {"IN": 1}]


def test_one_stray_contact_does_not_join_groups_but_shared_people_do(history):
    codes = {name: history.types.index(name) for name in history.types}
    special = history.agents.index("Z2A")
    stray = np.flatnonzero((history.contact_type == codes["PS"]) & (history.outcome == 0))
    agent = history.agent.copy()
    agent[stray[:1]] = special
    assert len(find_groups(dataclasses.replace(history, agent=agent))) == 2
    agent[stray[:60]], agent[stray[60:120]] = special, history.agents.index("Z2B")
    assert len(find_groups(dataclasses.replace(history, agent=agent))) == 1


def test_presence_by_hand(tmp_path):
    rows = [
        call(NINE - 6, talk=600, server="A"),
        call(NINE + 1200 - 6, talk=600, server="A"),  # a gap of ten minutes: still there
        call(NINE + 7200 - 6, talk=60, server="A"),  # a gap of an hour and a half: gone
        call(NINE + 900 - 6, talk=1800, server="B"),
        call(NINE + 1800 - 6, talk=10, server="NO_SERVER"),
        call(NINE + 3600 - 6, talk=36000, server="C"),  # a slip: the next call cuts it
        call(NINE + 3660 - 6, talk=60, server="C"),
    ]
    table = table_of(tmp_path, rows)
    stretches = stretches_of(table, 20.0)
    found = sorted(zip(stretches.agent, stretches.start - NINE, stretches.end - NINE, strict=True))
    assert [tuple(map(float, row)) for row in found] == [
        (0, 0, 1800),
        (0, 7200, 7260),
        (1, 900, 2700),
        (2, 3600, 3720),
    ]
    mean = present(stretches, np.arange(3), NINE, 1800, 5)
    np.testing.assert_allclose(mean, [1.5, 0.5, 120 / 1800, 0, 60 / 1800])
    replay_scenario(table, DAY, tmp_path / "s", gap_minutes=20)
    # rounded halves up, and at least one where anything was answered
    assert column(tmp_path / "s" / "staff.csv", "agents")[-5:] == [0, 2, 1, 1, 1]


def test_who_is_idle_while_others_wait_is_not_there(tmp_path):
    served = [
        call(NINE - 6, talk=60, server="A"),
        call(NINE + 600 - 6, talk=60, server="A"),
        call(NINE + 1200 - 6, talk=60, server="A"),
    ]
    waits = [(100, 70), (150, 60), (660, 121), (700, 5)]  # 110 s and 121 s of queue in the gaps
    rows = served + [call(NINE + start - 6, wait=wait) for start, wait in waits]
    table = table_of(tmp_path, rows)
    stretches = stretches_of(table)
    assert (stretches.start - NINE).tolist() == [0, 1200]
    assert (stretches.end - NINE).tolist() == [660, 1260]
    others = stretches_of(table, 20.0, types=[99])  # a queue that A does not serve
    assert (others.end - NINE).tolist() == [1260]


def test_kaplan_meier_by_hand():
    wait = np.array([5.0, 10, 10, 20, 30, 30])
    times, survival, at_risk = kaplan_meier(wait, np.array([1, 1, 0, 0, 1, 0], dtype=bool))
    assert times.tolist() == [5, 10, 30]
    assert at_risk.tolist() == [6, 5, 2]
    np.testing.assert_allclose(survival, [5 / 6, 5 / 6 * 4 / 5, 5 / 6 * 4 / 5 / 2])


def test_patience_is_found_behind_censoring():
    rng = np.random.default_rng(5)
    patience = rng.exponential(200, 20_000)
    needed = rng.exponential(60, 20_000)
    wait, abandoned = np.minimum(patience, needed), patience < needed
    fit = fit_patience(wait, abandoned)
    # the standard error of a censored exponential mean is mean / sqrt(events)
    error = 200 / np.sqrt(abandoned.sum())
    assert abs(fit.mean - 200) < 4 * error
    # forgetting the censoring would give about 46 s
    assert abs(fit.values.mean() - 200) < 5 * error
    for share in (0.1, 0.25, 0.5):
        exact = -200 * np.log(1 - share)
        assert abs(np.quantile(fit.values, share) - exact) < 0.06 * exact + 1
    assert fit.last > 200
    assert 0 < fit.survival < 0.5
    assert (np.diff(fit.values) >= 0).all()


def test_who_is_answered_at_once_says_nothing_and_balking_is_apart():
    wait = np.array([0.0] * 500 + [0.5] * 10 + [30.0] * 40 + [60.0] * 50)
    abandoned = np.array([False] * 500 + [True] * 10 + [True] * 40 + [False] * 50)
    fit = fit_patience(wait, abandoned)
    assert fit.balk == 0.1
    assert (fit.events, fit.censored) == (40, 50)
    assert (fit.last, fit.survival) == (30.0, pytest.approx(5 / 9))
    assert fit.mean == (40 * 30 + 50 * 60) / 40
    assert np.sum(fit.values == 30) == 444  # 4/9 of a thousand
    assert fit_patience(wait, np.zeros(600, dtype=bool)) is None
    assert fit_patience(wait, abandoned, least=41) is None


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 40), st.booleans()), min_size=1, max_size=60),
)
def test_the_grid_of_values_is_the_curve(rows):
    wait = np.array([float(row[0]) for row in rows]) + 1
    abandoned = np.array([row[1] for row in rows])
    fit = fit_patience(wait, abandoned)
    if fit is None:
        assert not abandoned.any()
        return
    assert (fit.values >= 0).all()
    assert (np.diff(fit.values) >= 0).all()
    times, survival, at_risk = kaplan_meier(wait, abandoned)
    for time, left in zip(times[at_risk >= 10], survival[at_risk >= 10], strict=True):
        assert abs((fit.values > time).mean() - left) <= 0.001


def test_small_types_borrow_and_say_so(tmp_path):
    rows = [*busy_day(1), call(NINE, talk=33, kind="PE", server="A")]
    table = table_of(tmp_path, rows)
    kind = table.types.index("PE")
    fitted = fit_type(table, table, kind, "PE")
    assert fitted.sources["talk"].endswith("answered contacts of all types of the day")
    assert fitted.sources["patience"] == "all types of the day"
    replay_scenario(table, DAY, tmp_path / "s")
    text = (tmp_path / "s" / "scenario.toml").read_text(encoding="utf-8")
    assert "answered contacts of all types of the day" in text


def test_no_abandonment_means_no_patience(tmp_path):
    table = table_of(tmp_path, [call(NINE + k, wait=5, talk=33, server="A") for k in range(9)])
    path = replay_scenario(table, DAY, tmp_path / "s")[0]
    scenario = tomllib.loads(path.read_text(encoding="utf-8"))
    assert "patience" not in scenario["contact_types"][0]
    assert scenario["agent_groups"][0]["name"] == "agents"
    assert load(path).types[0].patience is None


def test_a_day_that_cannot_be_replayed(history, tmp_path):
    with pytest.raises(RecordError, match=r"no contact on 1999-01-09; .*nearest.*1999-01-05"):
        replay_scenario(history, dt.date(1999, 1, 9), tmp_path / "s")
    with pytest.raises(RecordError, match=r"no dates"):
        replay_scenario(dataclasses.replace(history, first_date=None), DAY, tmp_path / "s")
    with pytest.raises(RecordError, match=r"interval_minutes: 7 given"):
        replay_scenario(history, DAY, tmp_path / "s", interval_minutes=7)
    silent = table_of(tmp_path, [call(NINE, wait=5)])
    with pytest.raises(RecordError, match=r"not one answered"):
        replay_scenario(silent, DAY, tmp_path / "s")
    assert not (tmp_path / "s").exists()


def test_files_are_not_replaced_without_force_and_nothing_is_left(history, tmp_path, monkeypatch):
    folder = tmp_path / "s"
    folder.mkdir()
    (folder / "staff.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match=r"staff\.csv.*--force"):
        replay_scenario(history, DAY, folder)
    assert [path.name for path in folder.iterdir()] == ["staff.csv"]
    first = replay_scenario(history, DAY, folder, force=True)
    assert (folder / "staff.csv").read_text(encoding="utf-8") != "mine"
    assert sorted(first) == sorted(folder.iterdir())

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("simcenter.history.replay.write_contacts", full)
    with pytest.raises(OutputError, match=r"No space left"):
        replay_scenario(history, DAY, tmp_path / "new" / "er")
    assert not (tmp_path / "new").exists()
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match=r"is a file"):
        replay_scenario(history, DAY, tmp_path / "file")


def test_the_same_table_gives_the_same_files(history, tmp_path):
    one = replay_scenario(history, DAY, tmp_path / "a")
    two = replay_scenario(history, DAY, tmp_path / "b")
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]


def test_names_of_types_may_hold_anything(tmp_path):
    kinds = ['a "b"', "a/b", "客服", "a b"]
    rows = [call(NINE + k, talk=33, kind=kind, server="A") for k, kind in enumerate(kinds)]
    path = write(tmp_path / "r.txt", rows)
    mapping = read_mapping("technion-bank")
    layout = mapping.file.model_copy(update={"encoding": "utf-8"})
    table, _ = import_records([path], mapping.model_copy(update={"file": layout}))
    scenario = load(replay_scenario(table, DAY, tmp_path / "s")[0])
    assert [kind.name for kind in scenario.types] == sorted(kinds)
    assert distinct(["A", "a", ""]) == ["A", "a_2", "_"]


def test_thinning_keeps_the_mean():
    values = np.random.default_rng(1).exponential(200, 50_000)
    kept = thinned(values)
    assert len(kept) == 2000
    assert kept.mean() == pytest.approx(values.mean(), rel=1e-4)
    assert len(thinned(values[:100])) == 100
