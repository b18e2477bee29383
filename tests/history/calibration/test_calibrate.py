"""From contacts to a scenario that runs, and what is refused."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json

import numpy as np
import pytest

import simcenter
from simcenter.errors import OutputError, RecordError
from simcenter.floor.records import Outcome
from simcenter.floor.run import run
from simcenter.history import calibrate, playback, read_target
from simcenter.model.distributions import Exponential

from .centre import MONDAY, Truth, history

TRUTH = Truth(days=28, per_interval=30.0, agents=4)


@pytest.fixture(scope="module")
def contacts():
    return history(TRUTH, 5)


@pytest.fixture(scope="module")
def found(contacts):
    return calibrate(contacts, target=read_target("80/20"), source="made up")


def test_the_scenario_runs_and_is_like_the_history(found, contacts, tmp_path):
    files = found.write(tmp_path / "out")
    assert files[0] == tmp_path / "out" / "scenario.toml"
    scenario = simcenter.load(files[0])
    assert (scenario.clock.days, scenario.clock.first_day) == (7, MONDAY + dt.timedelta(28))
    assert scenario.types[0].target.service_level == 0.8
    results = simcenter.simulate(scenario, 40).results
    offered = (~np.isnan(contacts.queue_entry)).sum() / 4
    assert results.value("offered").mean == pytest.approx(offered, rel=0.06)
    left = (contacts.outcome == Outcome.abandoned).sum() / offered / 4
    assert results.value("abandonment_rate").mean == pytest.approx(left, abs=0.03)


def test_matching_says_how_far_each_form_is_off(found):
    (chosen,) = found.matching.chosen
    assert abs(chosen.abandonment - chosen.observed_abandonment) < 0.02
    assert chosen.asa == pytest.approx(chosen.observed_asa, rel=0.15)
    names = {one.candidate for one in found.matching.agreements}
    assert names >= {"exponential", "lognormal", "pieces"}
    nearest = min(one.distance for one in found.matching.agreements)
    written = next(one for one in found.matching.agreements if one.candidate == chosen.candidate)
    assert written.distance < nearest + 0.1


def test_the_report_fits_and_tells_what_was_assumed(found):
    assert max(map(len, found.report.splitlines())) <= 80
    for words in ("day factor cv", "Kaplan-Meier", "agents: inferred", "written: "):
        assert words in found.report


def test_the_document_is_json_with_the_arrays_of_plots(found):
    content = json.loads(json.dumps(found.to_json_dict(), allow_nan=False))
    (kind,) = content["types"]
    curve = kind["patience"]["curve"]
    assert len(curve["times"]) == len(curve["low"]) == len(curve["survival"]) > 50
    assert len(kind["handle"]["talk"]["edges"]) == len(kind["handle"]["talk"]["fitted"]) + 1
    assert np.shape(kind["arrivals"]["low"]) == (7, 20)
    names = [one["name"] for one in content["estimates"]]
    assert "contact_types.service.handle.talk.cv" in names
    assert len(names) == len(set(names))


def test_a_day_is_written_with_its_own_agents(contacts, tmp_path):
    day = MONDAY + dt.timedelta(days=9)
    found = calibrate(contacts, day=day, match=False)
    scenario = simcenter.load(found.write(tmp_path / "wednesday.toml")[0])
    assert (scenario.clock.days, scenario.clock.first_day) == (1, day)
    assert (tmp_path / "wednesday_volumes.csv").exists()
    assert max(scenario.groups[0].staffing.counts) == TRUTH.agents


def test_playback_has_the_recorded_arrivals(found, contacts):
    first, last = MONDAY + dt.timedelta(days=7), MONDAY + dt.timedelta(days=13)
    scenario = playback(found, contacts, first, last)
    made = run(scenario).contacts
    observed = contacts.arrival[(contacts.day >= 8) & (contacts.day <= 14)]
    np.testing.assert_array_equal(made.arrival, np.sort(observed) - 7 * 86400)
    drawn = run(playback(found, contacts, first, last, arrivals="expected")).contacts
    assert len(drawn) == pytest.approx(len(observed), rel=0.15)
    fit = found.type("service").patience
    longer = dataclasses.replace(fit, distribution=Exponential(mean=9000.0))
    waits = run(playback(found, contacts, first, last, patience={"service": longer})).contacts
    assert (waits.outcome == Outcome.abandoned).sum() < (made.outcome == Outcome.abandoned).sum()


def test_existing_files_are_not_overwritten(found, tmp_path):
    found.write(tmp_path)
    with pytest.raises(OutputError, match="exists already"):
        found.write(tmp_path)
    found.write(tmp_path, force=True)


def test_rare_types_are_left_out_and_told(contacts):
    kind = contacts.contact_type.copy()
    kind[:10] = 1
    table = dataclasses.replace(
        contacts, contact_type=kind, types=("service", "odd"), channels=("", "")
    )
    found = calibrate(table, match=False)
    assert [fit.name for fit in found.types] == ["service"]
    assert "contact_types.odd: 10 contacts only; left out" in found.assumed


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"interval_minutes": 7}, "interval_minutes: 7 given; allowed: 5, 10, 15, 20, 30, 60"),
        ({"first": dt.date(2030, 1, 1)}, "no contact from 2030-01-01 to the end; the records run"),
        (
            {"first": dt.date(2026, 3, 9), "last": dt.date(2026, 3, 8)},
            "--from 2026-03-09 lies after --to 2026-03-08",
        ),
        ({"day": dt.date(2026, 6, 1)}, "no contact on 2026-06-01; the nearest day with contacts"),
    ],
)
def test_what_cannot_be_is_one_sentence(contacts, arguments, words):
    with pytest.raises(RecordError) as fault:
        calibrate(contacts, **arguments)
    assert words in str(fault.value)


def test_contacts_without_dates_or_answers_are_refused(contacts):
    with pytest.raises(RecordError, match="holds no dates"):
        calibrate(dataclasses.replace(contacts, first_date=None))
    lost = np.full(len(contacts), Outcome.abandoned)
    with pytest.raises(RecordError, match="not one answered contact"):
        calibrate(dataclasses.replace(contacts, outcome=lost))
    with pytest.raises(RecordError, match="did you mean 'service'"):
        calibrate(contacts, match=False).type("servce")
