"""Rules written in Python: what they see, what they decide, and who refuses them."""

from __future__ import annotations

import tempfile
import threading
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import simcenter
from simcenter.errors import InputError
from simcenter.files.scenario import load, resolve
from simcenter.floor.run import run
from simcenter.model.rules import AgentView, ContactView, FloorView
from simcenter.model.scenario import Scenario
from tests.floor.random_scenarios import scenario_tables, write_rosters
from tests.floor.stage import agents, at, contact, play, staffed, table
from tests.floor.test_compiled import assert_same

CLINIC = Path(__file__).parents[2] / "scenarios" / "clinic" / "scenario.toml"
COMPLAINTS = {"g 1": 2, "g 2": 0, "g 3": 1}


def fewest_complaints(_contact: ContactView, agent: AgentView, _floor: FloorView) -> float:
    return COMPLAINTS[agent.name]


def resolved(groups, types=({"name": "a"},), **extra) -> Scenario:
    return resolve(table(groups, types, **extra), "stage")


def highest_number(_contact: ContactView, agent: AgentView, _floor: FloorView) -> float:
    return -int(agent.name.split()[-1])


class TestWhatTheyDecide:
    def test_the_agent_of_the_least_value_answers(self):
        day = resolved([staffed("g", 3)]).with_rules(agent=[fewest_complaints])
        run = play(day, [contact("9:00"), contact("9:00:10"), contact("9:00:20")])
        assert agents(run) == ["g 2", "g 3", "g 1"]

    def test_criteria_stand_in_order_built_in_ones_among_them(self):
        day = resolved([staffed("g", 3)])
        calls = [contact("9:00", talk=10.0), contact("9:01", talk=10.0), contact("9:02")]
        first = day.with_rules(agent=["fewest-contacts", highest_number])
        assert agents(play(first, calls)) == ["g 3", "g 2", "g 1"]
        second = day.with_rules(agent=[highest_number, "fewest-contacts"])
        assert agents(play(second, calls)) == ["g 3", "g 3", "g 3"]

    def test_where_no_rule_differs_the_lowest_number_decides(self):
        day = resolved([staffed("g", 2)]).with_rules(agent=[lambda *_: 7], contact=[lambda *_: 7])
        calls = [contact("9:00"), contact("9:00"), contact("9:00:10"), contact("9:00:20")]
        assert agents(play(day, calls)) == ["g 1", "g 2", "g 1", "g 2"]

    def test_the_waiting_contact_of_the_least_value_is_taken(self):
        day = resolved([staffed("g", 1)])
        calls = [contact("9:00"), contact("9:00:10"), contact("9:00:20"), contact("9:00:30")]
        last_come = day.with_rules(contact=[lambda caller, _agent, _floor: -caller.queue_entry])
        run = play(last_come, calls)
        assert list(run.contacts.answer) == [at("9:00"), at("9:03"), at("9:02"), at("9:01")]


class TestWhatTheySee:
    def test_the_entering_contact_and_the_idle_agents(self):
        seen = []

        def note(caller, agent, floor):
            seen.append((caller, agent, floor))
            return agent.contacts

        types = [{"name": "a", "priority": 3, "channel": "sms"}, {"name": "b"}]
        groups = [
            {"name": "g", "skills": {"a": 2, "b": 1}, "staffing": 1},
            {"name": "h", "skills": {"a": 1}, "staffing": 1},
        ]
        play(
            resolved(groups, types).with_rules(agent=[note]),
            [
                contact("9:00", 1, talk=60.0),
                contact("9:10", 0, talk=60.0, ivr=30.0, choice=1 << 31),
            ],
        )
        caller, agent, floor = seen[0]
        assert caller == ContactView(
            2, "a", "sms", 3, 1, at("9:10"), at("9:10:30"), wait=0.0, choice=0.5
        )
        # on since 8:00, with one minute handled until 9:01
        assert agent == AgentView(
            "g 1", "g", level=2, idle=570.0, contacts=1, occupancy=60.0 / 4230.0
        )
        assert floor == FloorView(at("9:10:30"), {"a": 0, "b": 0})
        assert seen[1][1] == AgentView("h 1", "h", 1, idle=4230.0, contacts=0, occupancy=0.0)
        assert len(seen) == 2  # where one is able there is nothing to ask

    def test_the_waiting_contacts_and_the_freed_agent(self):
        seen = []

        def note(caller, agent, floor):
            seen.append((caller.contact_id, caller.wait, agent, floor))
            return 0

        group = {"name": "g", "skills": {"a": 1, "b": 1}, "staffing": 1}
        day = resolved([group], [{"name": "a"}, {"name": "b"}]).with_rules(contact=[note])
        play(
            day,
            [contact("9:00", 0, talk=60.0), contact("9:00:20", 0), contact("9:00:30", 1)],
        )
        freed = AgentView("g 1", "g", 1, idle=0.0, contacts=1, occupancy=60.0 / 3660.0)
        floor = FloorView(at("9:01"), {"a": 1, "b": 1})
        assert seen == [(2, 40.0, freed, floor), (3, 30.0, freed, floor)]


def by_hand(scenario: Scenario) -> Scenario:
    """Return a scenario with every built-in criterion written once more, in Python."""
    within = {t.name: t.target.answer_within_seconds or 0.0 for t in scenario.types}
    agent = {
        "skill": lambda _c, a, _f: a.level,
        "longest-idle": lambda _c, a, _f: -a.idle,
        "least-occupied": lambda _c, a, _f: a.occupancy,
        "fewest-contacts": lambda _c, a, _f: a.contacts,
    }
    caller = {
        "priority": lambda c, _a, _f: c.priority,
        "skill": lambda _c, a, _f: a.level,
        "longest-wait": lambda c, _a, _f: -c.wait,
        "longest-queue": lambda c, _a, f: -f.waiting[c.contact_type],
        "wait-over-target": lambda c, _a, _f: within[c.contact_type] - c.wait,
    }
    return scenario.with_rules(
        agent=[agent.get(name, name) for name in scenario.routing.agent],
        contact=[caller.get(name, name) for name in scenario.routing.contact],
    )


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=scenario_tables(), replication=st.integers(1, 1000))
def test_built_in_criteria_written_in_python_give_the_same_tables(drawn, replication):
    with tempfile.TemporaryDirectory() as folder:
        scenario = resolve(write_rosters(Path(folder), *drawn), "random")
    assert_same(run(scenario, replication, "simpy"), run(by_hand(scenario), replication, "simpy"))


class TestWhoRefusesThem:
    def test_the_compiled_engine_refuses_them_by_name_before_it_starts(self):
        clinic = load(CLINIC)
        own = clinic.with_rules(agent=["skill", fewest_complaints])
        refused = pytest.raises(
            InputError,
            match=r"^engine compiled: the rule 'fewest-complaints' is written in Python; "
            r"run it with engine='simpy'$",
        )
        told = []
        progress = lambda *done: told.append(done)  # noqa: E731
        with refused:
            run(own, 1)
        with refused:
            simcenter.simulate(own, 3, progress=progress)
        with refused:
            simcenter.compare(clinic, {"own": own}, 3, progress=progress)
        assert told == []

    def test_the_compiled_engine_takes_other_built_in_criteria(self):
        other = load(CLINIC).with_rules(agent=["fewest-contacts"], contact=["longest-wait"])
        assert_same(run(other, 3, "compiled"), run(other, 3, "simpy"))

    def test_a_store_refuses_them(self, tmp_path: Path):
        own = load(CLINIC).with_rules(agent=[highest_number])
        with pytest.raises(InputError, match=r"^store: the rule 'highest-number' is written in"):
            simcenter.simulate(own, 2, engine="simpy", store=tmp_path / "store")
        assert not (tmp_path / "store").exists()

    def test_processes_refuse_what_cannot_be_sent(self):
        lock = threading.Lock()

        def locked(*_):
            with lock:
                return 0.0

        own = load(CLINIC).with_rules(agent=[locked])
        with pytest.raises(InputError, match=r"^workers: the rule 'locked' cannot be sent to"):
            simcenter.simulate(own, 2, engine="simpy", workers="processes:2")
        assert simcenter.simulate(own, 2, engine="simpy", workers="threads:2").replications == 2


class TestTheyTravel:
    def test_processes_follow_a_rule_that_no_module_holds(self):
        sign = -1  # a closure
        own = load(CLINIC).with_rules(agent=[lambda _c, a, _f: sign * ord(a.name[0])])
        found = [
            simcenter.simulate(own, 6, engine="simpy", workers=workers, keep=True)
            for workers in (1, "processes:2")
        ]
        assert found[0].results.to_json_dict() == found[1].results.to_json_dict()
        plain = simcenter.simulate(load(CLINIC), 6, engine="simpy", keep=True, workers=1)
        for one, other, without in zip(
            found[0].contacts, found[1].contacts, plain.contacts, strict=True
        ):
            assert one.agent.tolist() == other.agent.tolist() != without.agent.tolist()


class TestTheScenario:
    def test_tells_of_them_and_is_another(self):
        clinic = load(CLINIC)
        own = clinic.with_rules(agent=["skill", fewest_complaints])
        assert own.routing.contact == clinic.routing.contact
        assert own.hash != clinic.hash
        assert own.hash == clinic.with_rules(agent=["skill", fewest_complaints]).hash
        assert own.hash != clinic.with_rules(agent=["skill", highest_number]).hash
        told = "the rule 'fewest-complaints' is written in Python"
        assert [told in line for line in own.assumed] == [False] * len(clinic.assumed) + [True]
        assert own.with_rules(agent=["skill"]).assumed == clinic.assumed
        assert own.with_rules(contact=["longest-wait"]).assumed == own.assumed

    @pytest.mark.parametrize(
        ("criteria", "sentence"),
        [
            (["longest-idel"], r"agent: unknown criterion 'longest-idel'; did you mean 'longest-i"),
            ("skill", r"agent: got 'skill'; must be a list of criteria, in order"),
            ([3], r"agent: got 3; must be the name of a criterion \(skill, .*\) or a function"),
            ([lambda _agent: 0], r"agent: the rule '<lambda>' must take contact, agent and floor"),
            ([partial(fewest_complaints, 1, 2, 3)], r"the rule 'partial' must take contact"),
        ],
    )
    def test_refuses_what_is_no_criterion(self, criteria, sentence):
        with pytest.raises(InputError, match=sentence):
            load(CLINIC).with_rules(agent=criteria)

    def test_refuses_the_name_of_a_built_in_one(self):
        def longest_idle(*_):
            return 0.0

        with pytest.raises(InputError, match="'longest-idle' is a built-in criterion; rename"):
            load(CLINIC).with_rules(agent=[longest_idle])


@pytest.mark.parametrize("answer", [None, "3", float("nan")])
def test_an_answer_that_is_no_number_is_refused(answer):
    def odd(*_):
        return answer

    day = resolved([staffed("g", 2)]).with_rules(agent=[odd])
    with pytest.raises(InputError, match=r"rule 'odd': gave .* for contact 1 and agent g 1; must"):
        play(day, [contact("9:00")])


def test_a_fault_in_a_rule_is_its_own():
    day = resolved([staffed("g", 2)]).with_rules(agent=[lambda *_: 1 / 0])
    with pytest.raises(ZeroDivisionError):
        play(day, [contact("9:00")])
