"""Frames hold the values of the JSON and of `value`, each at its place."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import simcenter
from simcenter.errors import InputError
from simcenter.floor.records import Outcome
from simcenter.floor.tables import write_contacts

SCENARIOS = Path(__file__).parents[2] / "scenarios"
WEEKEND = SCENARIOS / "emergency-line" / "scenario.toml"
FIELDS = ["mean", "half_width", "low", "high"]


@pytest.fixture(scope="module")
def simulation() -> simcenter.Simulation:
    return simcenter.simulate(simcenter.load(WEEKEND), 3, keep=True, workers=1)


@pytest.fixture(scope="module")
def document(simulation: simcenter.Simulation) -> dict[str, Any]:
    return simulation.results.to_json_dict()


def same(row: pd.Series, value: dict[str, float] | None) -> bool:
    told = dict.fromkeys(FIELDS) if value is None else value
    wanted = [np.nan if told[field] is None else told[field] for field in FIELDS]
    return np.array_equal(row[FIELDS].to_numpy(dtype=float), wanted, equal_nan=True)


def test_the_whole_run(simulation, document):
    frame = simulation.frame()
    assert frame.columns.tolist() == FIELDS
    assert frame.index.name == "measure"
    assert frame.index.tolist() == list(document["total"])
    assert all(same(frame.loc[key], value) for key, value in document["total"].items())


@pytest.mark.parametrize(("by", "part"), [
    ("contact_type", "contact_types"), ("agent_group", "agent_groups"), ("agent", "agents"),
])  # fmt: skip
def test_the_whole_run_by_name(simulation, document, by, part):
    frame = simulation.frame(by)
    assert frame.index.names == [by, "measure"]
    wanted = {(n, key): v for n, row in document[part].items() for key, v in row.items()}
    assert frame.index.tolist() == list(wanted)
    assert all(same(frame.loc[place], value) for place, value in wanted.items())


@pytest.mark.parametrize("who", [(), ("contact_type",), ("agent_group",)])
@pytest.mark.parametrize(("when", "part"), [("day", "days"), ("interval", "intervals")])
def test_days_and_intervals(simulation, document, who, when, part):
    frame = simulation.frame(*who, when)  # in whatever order they are asked for
    times = ["day"] if when == "day" else ["day", "start"]
    assert frame.index.names == [*times, *who, "measure"]
    shown = {
        (*(row[level] for level in (*times, *who)), key): value
        for row in document[part]
        for key, value in row.items()
        if [name for name in ("contact_type", "agent_group") if row[name]] == list(who)
        and (value is None or isinstance(value, dict))
        and key not in ("contact_type", "agent_group")
    }
    assert len(shown) > 50
    assert frame.index.tolist() == list(shown)
    assert all(same(frame.loc[place], value) for place, value in shown.items())


def test_one_measure_leaves_the_index_and_wide_puts_them_side_by_side(simulation):
    long = simulation.frame("day", "contact_type", measures=["asa", "offered"])
    alone = simulation.frame("day", "contact_type", measures="asa")
    assert alone.index.names == ["day", "contact_type"]
    pd.testing.assert_frame_equal(alone, long.xs("asa", level="measure"))
    for field in FIELDS:
        wide = simulation.frame("day", "contact_type", measures=["asa", "offered"], wide=field)
        assert wide.columns.tolist() == ["asa", "offered"]
        for key in wide.columns:
            assert np.array_equal(wide[key], long.xs(key, level="measure")[field], equal_nan=True)
    whole = simulation.frame(wide="mean")
    assert whole.shape == (1, len(simulation.frame()))
    assert whole["asa"].item() == simulation.results.value("asa").mean


def test_means_of_daily_ratios_stand_with_the_whole_run(simulation):
    setting = simulation.results.setting
    measured = simcenter.measures.Accumulator(setting, daily=("asa",))
    for number in (1, 2):
        made = simcenter.run(simulation.scenario, number)
        measured.add(simcenter.measures.tally(made.contacts, made.activities, made.plan, setting))
    results = measured.results()
    frame = results.frame("contact_type")
    for name in setting.types:
        found = results.value("asa_daily", contact_type=name)
        assert found is not None
        assert same(frame.loc[(name, "asa_daily")], found.to_json_dict())
    with pytest.raises(InputError, match="unknown measure 'asa_daily'"):
        results.frame("day", measures="asa_daily")


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"by": ["intervall"]}, r"^frame: unknown grouping 'intervall'; did you mean 'interval'"),
        ({"by": ["day", "interval"]}, "got day and interval; must be one of day, interval"),
        ({"by": ["contact_type", "agent"]}, "got contact_type and agent; must be one of"),
        ({"by": ["agent", "day"]}, "got agent and day; agents are measured over the whole run"),
        ({"measures": "azza"}, "unknown measure 'azza'"),
        ({"measures": ["asa", 3]}, "unknown measure '3'"),
        ({"wide": "means"}, r"wide: unknown column 'means'; did you mean 'mean'\?"),
    ],
)
def test_what_is_unknown_is_refused(simulation, asked, sentence):
    with pytest.raises(InputError, match=sentence):
        simulation.frame(*asked.pop("by", []), **asked)


class TestComparison:
    @pytest.fixture(scope="class")
    @staticmethod
    def comparison(simulation) -> simcenter.Comparison:
        base = simulation.scenario
        others = {
            name: simcenter.load(WEEKEND, settings=[setting])
            for name, setting in (
                ("more", "contact_types.advice.arrivals.factor=1.2"),
                ("same", "contact_types.advice.arrivals.factor=1.0"),
            )
        }
        return simcenter.compare(base, others, 6, measures=["asa", "wait_max", "offered"])

    @pytest.mark.parametrize("by", [(), ("contact_type",)])
    def test_every_difference_stands_at_its_place(self, comparison, by):
        frame = comparison.frame(*by)
        assert frame.columns.tolist() == [
            "base", "value", *FIELDS, "variance_ratio", "verdict",
        ]  # fmt: skip
        assert frame.index.names == ["what_if", *by, "measure"]
        places = [
            (what_if.name, *((kind,) if by else ()), key)
            for what_if in comparison.what_ifs
            for kind in (what_if.contact_types if by else (None,))
            for key in comparison.measures
        ]
        assert frame.index.tolist() == places
        for place in places:
            kind = place[1] if by else None
            what_if = comparison.what_if(place[0])
            row = frame.loc[place]
            contrast = what_if.contrast(place[-1], contact_type=kind)
            assert same(row, contrast.to_json_dict())
            assert row["verdict"] == contrast.verdict
            ratio = contrast.difference.variance_ratio
            assert (
                np.isnan(row["variance_ratio"]) if ratio is None else row["variance_ratio"] == ratio
            )
            assert row["base"] == comparison.results.value(place[-1], contact_type=kind).mean
            assert row["value"] == what_if.results.value(place[-1], contact_type=kind).mean
        assert frame["verdict"].nunique() > 1

    def test_wide_and_one_measure(self, comparison):
        wide = comparison.frame(measures=["offered", "asa"], wide="verdict")
        assert wide.columns.tolist() == ["offered", "asa"]
        assert wide.loc["more", "offered"] == "higher"
        assert wide.loc["same", "offered"] == "no difference shown"
        assert comparison.frame(measures="asa").index.tolist() == ["more", "same"]

    def test_what_was_not_compared_is_refused(self, comparison):
        with pytest.raises(InputError, match=r"unknown measure 'aht'; .*known: asa, wait_max, off"):
            comparison.frame(measures=["aht"])
        with pytest.raises(InputError, match="unknown grouping 'day'; known: contact_type"):
            comparison.frame("day")

    def test_without_data_there_is_nothing(self):
        quiet = "contact_types.patients.arrivals.factor=0"
        clinic = SCENARIOS / "clinic" / "scenario.toml"
        silent = simcenter.load(clinic, settings=[quiet])
        found = simcenter.compare(simcenter.load(clinic), {"silent": silent}, 2, measures=["asa"])
        row = found.frame(measures="asa").loc["silent"]
        assert row["base"] > 0
        assert row.drop("base").isna().all()


class TestTables:
    def test_contacts_have_the_columns_of_the_file(self, simulation, tmp_path):
        table = simulation.contacts[1]
        frame = table.frame()
        path = tmp_path / "contacts.csv"
        write_contacts(path, table)
        read = pd.read_csv(path)
        assert frame.columns.tolist() == read.columns.tolist()
        assert len(frame) == len(table)
        assert (frame["replication"] == 2).all()
        assert frame["day"].max() > 1
        assert (frame["arrival"] < 86400).all()  # from midnight of their day
        assert frame["outcome"].tolist() == [Outcome(code).name for code in table.outcome]
        assert frame["agent"].isna().tolist() == (table.agent == -1).tolist()
        assert frame["parent_id"].isna().all()
        for name in ("arrival", "answer", "wait_s"):
            assert np.array_equal(frame[name], read[name], equal_nan=True)

    def test_activities_have_the_columns_of_the_file(self, simulation):
        table = simulation.activities[0]
        frame = table.frame()
        assert frame.columns.tolist() == [
            "replication", "agent", "group", "day", "state", "start", "end", "contact_id",
        ]  # fmt: skip
        assert (frame["contact_id"].isna() == ~frame["state"].isin(["talk", "hold", "wrap"])).all()
        spent = (frame["end"] - frame["start"]).groupby(frame["state"]).sum()
        assert spent["talk"] == np.nansum(simulation.contacts[0].talk_s)


def test_pandas_is_not_imported_before_a_frame_is_asked_for():
    lines = (
        "import simcenter, sys",
        "scenario = simcenter.load(sys.argv[1])",
        "simcenter.simulate, simcenter.compare, simcenter.Results",
        "assert 'pandas' not in sys.modules",
    )
    subprocess.run([sys.executable, "-c", "\n".join(lines), str(WEEKEND)], check=True)
