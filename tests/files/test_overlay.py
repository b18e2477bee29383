"""What-ifs: overlays and settings laid over a base, and what they refuse."""

from __future__ import annotations

import copy
import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simcenter.errors import InputError, ScenarioError
from simcenter.files.overlay import apply_setting, lay_over
from simcenter.files.scenario import load
from simcenter.model.distributions import Constant, Empirical, Exponential, Gamma, Lognormal
from tests.files.desk import everything, group, plain, put, put_everything, rostered, service
from tests.files.test_bad_scenarios import NASTY, check_message, leaves

RATE = "contact_types.service.arrivals.rate_per_hour"


@pytest.fixture
def base(tmp_path):
    return put(tmp_path, "base.toml", plain())


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    folder = tmp_path_factory.mktemp("full")
    return put_everything(folder)


def laid(base, over, *settings_given):
    """Return the scenario of a base with an overlay laid over it."""
    return load(base, [put(base.parent, "over.toml", over)], settings_given)


def kind_of(scenario, place=0):
    return scenario.types[place]


# overlays


def test_an_overlay_changes_what_it_says_and_nothing_else(full):
    over = {"run": {"seed": 9}, "contact_types": [{"name": "sales", "priority": 5}]}
    scenario, before = laid(full, over), load(full)
    assert scenario.run.seed == 9
    assert scenario.run.replications == before.run.replications
    assert [kind.priority for kind in scenario.types] == [2, 5, 1, 1]
    assert kind_of(scenario, 1).talk == kind_of(before, 1).talk
    assert scenario.agents == before.agents


def test_tables_of_an_array_keep_their_order_and_a_new_one_comes_last(base):
    fresh = {**service()[0], "name": "sales", "add": True}
    scenario = laid(base, {"contact_types": [fresh, {"name": "service", "priority": 3}]})
    assert [(kind.name, kind.priority) for kind in scenario.types] == [("service", 3), ("sales", 1)]


def test_a_new_table_must_say_so(base):
    with pytest.raises(ScenarioError) as fault:
        laid(base, {"contact_types": [{"name": "servce", "priority": 3}]})
    assert "over.toml: contact_types: unknown name 'servce'; did you mean 'service'?" in str(
        fault.value
    )
    assert "(a new one says add = true)" in str(fault.value)


def test_add_on_a_name_that_is_known_changes_it(base):
    scenario = laid(base, {"contact_types": [{"name": "service", "priority": 3, "add": True}]})
    assert [kind.priority for kind in scenario.types] == [3]


def test_a_table_may_be_added_where_there_are_none(tmp_path):
    base = put(tmp_path, "base.toml", plain(agent_groups=[]))
    scenario = laid(base, {"agent_groups": [{**group()[0], "add": True}]})
    assert [one.name for one in scenario.groups] == ["general"]


def test_names_with_an_at_sign_are_names(tmp_path):
    base = put(
        tmp_path,
        "base.toml",
        plain(contact_types=service(name="info@bank"), agent_groups=group(skills={})),
    )
    over = {"agent_groups": [{"name": "general", "skills": {"info@bank": 2}}]}
    assert laid(base, over).agents[0].levels == (2,)


def test_overlays_are_laid_in_order(base):
    one = put(base.parent, "one.toml", {"run": {"seed": 2}, "contact_types": service(priority=2)})
    two = put(base.parent, "two.toml", {"run": {"seed": 3}})
    scenario = load(base, [one, two])
    assert (scenario.run.seed, kind_of(scenario).priority) == (3, 2)
    assert load(base, [two, one]).run.seed == 2


def test_the_base_is_not_changed():
    table = plain()
    before = copy.deepcopy(table)
    over = {
        "contact_types": [{"name": "service", "arrivals@08:00-09:00": "*2"}],
        "run": {"seed": "+1"},
    }
    kept = copy.deepcopy(over)
    lay_over(table, over)
    apply_setting(table, f"{RATE}=*2")
    assert table == before
    assert over == kept


def test_paths_are_relative_to_the_file_that_names_them(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    put(tmp_path / "a", "staff.csv", "start,general\n08:00,3\n")
    put(tmp_path / "b", "staff.csv", "start,general\n08:00,4\n")
    clock = {"opens": "08:00", "closes": "09:00", "interval_minutes": 60}
    form = {"file": "staff.csv", "column": "general"}
    base = put(tmp_path / "a", "base.toml", plain(clock=clock, agent_groups=group(staffing=form)))
    over = put(
        tmp_path / "b", "over.toml", {"agent_groups": [{"name": "general", "staffing": form}]}
    )
    assert load(base).groups[0].staffing.counts == (3,)
    assert load(base, [over]).groups[0].staffing.counts == (4,)


def test_paths_of_settings_are_relative_to_where_one_stands(tmp_path, monkeypatch):
    (tmp_path / "a").mkdir()
    put(tmp_path, "staff.csv", "start,general\n08:00,4\n")
    base = put(tmp_path / "a", "base.toml", plain(clock={"opens": "08:00", "closes": "08:30"}))
    monkeypatch.chdir(tmp_path)
    setting = 'agent_groups.general.staffing={ file = "staff.csv", column = "general" }'
    assert load(base, settings=[setting]).groups[0].staffing.counts == (4,)


# rivals


def test_each_form_of_arrivals_removes_the_others(tmp_path):
    put(tmp_path, "p.csv", "start,service\n08:00,7\n")
    put(tmp_path, "t.csv", "arrival\n08:30\n")
    forms = {
        "rate_per_hour": 30,
        "expected": [1] * 8,
        "profile": {"file": "p.csv", "column": "service"},
        "times": {"file": "t.csv", "column": "arrival"},
    }
    for form in forms:
        table = plain(contact_types=service(arrivals={form: forms[form], "factor": 2}))
        base = put(tmp_path, "base.toml", table)
        for other in forms:
            over = {"contact_types": [{"name": "service", "arrivals": {other: forms[other]}}]}
            arrivals = kind_of(laid(base, over)).arrivals
            assert (arrivals.recorded is not None) == (other == "times")
            first = {"rate_per_hour": 30, "expected": 2, "profile": 14, "times": 2}[other]
            assert arrivals.expected[0] == first


def test_roster_and_staffing_remove_each_other(tmp_path):
    groups = rostered("Ann,general,1,work,08:00,12:00\n", tmp_path)
    by_roster = put(tmp_path, "roster.toml", plain(agent_groups=groups))
    by_count = put(tmp_path, "count.toml", plain())
    one = laid(by_roster, {"agent_groups": [{"name": "general", "staffing": 2}]})
    assert one.groups[0].staffing.counts[0] == 2
    other = laid(by_count, {"agent_groups": [{"name": "general", "roster": "roster.csv"}]})
    assert [agent.name for agent in other.agents] == ["Ann"]


def test_aht_and_parts_remove_each_other(tmp_path):
    talk = {"distribution": "constant", "value": 9}
    base = put(
        tmp_path,
        "base.toml",
        plain(contact_types=service(handle={"aht": 100, "wrap": 40, "factor": 2})),
    )
    kind = kind_of(laid(base, {"contact_types": [{"name": "service", "handle": {"talk": talk}}]}))
    assert (kind.talk, kind.wrap, kind.handle_factor) == (Constant(value=9), Constant(value=0.0), 2)
    parts = {"talk": talk, "hold": talk, "wrap": talk}
    base = put(tmp_path, "base.toml", plain(contact_types=service(handle=parts)))
    kind = kind_of(laid(base, {"contact_types": [{"name": "service", "handle": {"aht": 100}}]}))
    assert (kind.talk.mean_value(), kind.hold.mean_value(), kind.wrap.mean_value()) == (100, 0, 0)
    kind = kind_of(
        laid(base, {"contact_types": [{"name": "service", "handle": {"aht": 100, "wrap": 30}}]})
    )
    assert (kind.talk.mean_value(), kind.wrap.mean_value()) == (70, 30)


def test_another_distribution_keeps_what_both_know(full):
    key = "contact_types.service.handle.talk"
    assert kind_of(load(full, settings=[f"{key}.distribution=lognormal"])).talk == Lognormal(
        mean=210, cv=0.9
    )
    assert kind_of(load(full, settings=[f"{key}.distribution=exponential"])).talk == Exponential(
        mean=210
    )
    made = load(full, settings=[f'{key}={{ distribution = "constant", value = 7 }}'])
    assert kind_of(made).talk == Constant(value=7)
    assert kind_of(load(full, settings=[f"{key}.mean=*2"])).talk == Gamma(mean=420, cv=0.9)
    with pytest.raises(ScenarioError, match=r"handle\.talk: 'shape' is missing"):
        load(full, settings=[f"{key}.distribution=weibull"])


def test_another_patience_keeps_balk_and_factor(full):
    kind = kind_of(
        load(
            full,
            settings=['contact_types.service.patience={ distribution = "constant", value = 7 }'],
        )
    )
    assert (kind.patience, kind.balk, kind.patience_factor) == (Constant(value=7), 0.1, 0.9)


def test_values_and_a_file_of_values_remove_each_other(full):
    key = "contact_types.service.handle.wrap"
    assert kind_of(load(full, settings=[f"{key}.values=[5]"])).wrap == Empirical(values=(5.0,))
    over = {
        "contact_types": [{"name": "chat", "patience": {"file": "wrap.csv", "column": "seconds"}}]
    }
    assert kind_of(laid(full, over), 2).patience.values == (10.0, 20.0, 30.0)


def test_a_staffing_of_one_form_replaces_another(full):
    key = "agent_groups.counted.staffing"
    assert load(full, settings=[f"{key}=3"]).groups[1].staffing.planned[0] == 3
    assert load(full, settings=[f"{key}=[1,2,3,4,5,6,7,8]"]).groups[1].staffing.planned[3] == 4
    over = {
        "agent_groups": [{"name": "one", "staffing": {"file": "staff.csv", "column": "counted"}}]
    }
    assert laid(full, over).groups[3].staffing.counts[:4] == (3, 4, 5, 2)


# settings


@pytest.mark.parametrize(
    ("setting", "rate"),
    [
        ("=130", 130),
        ("=*1.5", 90),
        ("=+2", 62),
        ("=+-2", 58),
        ("=* 2", 120),
        ("= 7 ", 7),
        ("=1e2", 100),
    ],
)
def test_a_number_is_set_multiplied_or_added_to(base, setting, rate):
    arrivals = kind_of(load(base, settings=[RATE + setting])).arrivals
    assert arrivals.expected[0] == pytest.approx(rate / 2)


def test_every_number_of_a_list_is_changed(full):
    arrivals = kind_of(
        load(full, settings=["contact_types.sales.arrivals.expected=*2"]), 1
    ).arrivals
    assert arrivals.expected[:8].tolist() == [2, 4, 6, 8, 8, 6, 5, 2]
    plan = load(full, settings=["agent_groups.few.staffing=*1.5"]).groups[2].staffing
    assert plan.counts[:8] == (2, 2, 3, 3, 3, 3, 2, 2)


@pytest.mark.parametrize(
    ("count", "change", "result"), [(3, "*1.1", 3), (5, "*1.1", 6), (5, "*0.5", 3), (5, "+1", 6)]
)
def test_counts_stay_whole(tmp_path, count, change, result):
    base = put(tmp_path, "base.toml", plain(agent_groups=group(staffing=count)))
    assert (
        load(base, settings=[f"agent_groups.general.staffing={change}"])
        .groups[0]
        .staffing.counts[0]
        == result
    )


def test_a_count_below_zero_is_refused(base):
    with pytest.raises(ScenarioError, match=r"staffing: got -1; must be at least 0"):
        load(base, settings=["agent_groups.general.staffing=+-4"])


DEFAULTS = {
    "run.replications=*2": lambda s: s.run.replications == 200,
    "run.seed=+1": lambda s: s.run.seed == 2,
    "report.hold_probability=*0.5": lambda s: s.report.hold_probability == 0.4,
    "contact_types.service.priority=+1": lambda s: s.types[0].priority == 2,
    "contact_types.service.arrivals.factor=*1.5": lambda s: s.types[0].arrivals.expected[0] == 45,
    "contact_types.service.handle.factor=*1.5": lambda s: s.types[0].handle_factor == 1.5,
    "agent_groups.general.absent=+1": lambda s: s.groups[0].absent == (1,),
    "agent_groups.general.handle_factor=*1.1": lambda s: s.agents[0].factors == (1.1,),
    "agent_groups.general.absence_rate=+0.1": lambda s: s.groups[0].absence_rate == 0.1,
    "agent_groups.general.cost_per_hour=+20": lambda s: s.agents[0].cost_per_hour == 20,
}


@pytest.mark.parametrize("setting", DEFAULTS)
def test_what_the_base_leaves_out_is_changed_from_its_default(base, setting):
    assert DEFAULTS[setting](load(base, settings=[setting]))


def test_what_an_overlay_leaves_to_the_default_is_changed_from_it_too(base):
    assert laid(base, {"run": {"replications": "*2"}}).run.replications == 200


def test_settings_follow_overlays_in_order(base):
    over = {"contact_types": [{"name": "service", "arrivals": {"rate_per_hour": "*2"}}]}
    scenario = laid(base, over, f"{RATE}=+10", f"{RATE}=*2")
    assert kind_of(scenario).arrivals.expected[0] == 130


VALUES = {
    "clock.first_day=2026-03-02": lambda s: s.clock.first_day == dt.date(2026, 3, 2),
    "clock.opens=09:00": lambda s: s.clock.opens == 32400,
    'clock.opens="09:00"': lambda s: s.clock.opens == 32400,
    "name=Monday, busy": lambda s: s.name == "Monday, busy",
    "name=a=b": lambda s: s.name == "a=b",
    "contact_types.service.channel=sms": lambda s: s.types[0].channel == "sms",
    "trunks.lines=5": lambda s: s.lines == 5,
    "agent_groups.general.skills.service=3": lambda s: s.agents[0].levels == (3,),
    'agent_groups.general.lateness={ distribution = "constant", value = 5 }': lambda s: (
        s.groups[0].lateness.value == 5
    ),
    'routing.agent=["random"]': lambda s: s.routing.agent == ("random",),
}


@pytest.mark.parametrize("setting", VALUES)
def test_values_are_read_as_toml_or_else_as_text(base, setting):
    assert VALUES[setting](load(base, settings=[setting]))


def test_names_with_dots_and_blanks(tmp_path):
    types = service(name="a.b") + service(name="a") + service(name="c d")
    base = put(tmp_path, "base.toml", plain(contact_types=types, agent_groups=[]))
    given_settings = [
        "contact_types.a.b.priority=5",
        "contact_types.a.priority=6",
        "contact_types.c d.priority=7",
    ]
    assert [kind.priority for kind in load(base, settings=given_settings).types] == [5, 6, 7]


# a part of the day

PART = "contact_types.service.arrivals@09:00-10:00"


@pytest.mark.parametrize(
    ("change", "expected"),
    [("*1.2", 36), ("+10", 35), ("+-10", 25), ("=100", 50), ("100", 50), ("*0", 0), ("+-100", 0)],
)
def test_a_part_of_the_day(base, change, expected):
    blocks = kind_of(load(base, settings=[f"{PART}={change}"])).arrivals
    assert blocks.expected.tolist() == pytest.approx([30, 30, expected, expected, 30, 30, 30, 30])


def test_parts_of_the_day_follow_each_other(base):
    over = {"contact_types": [{"name": "service", "arrivals@08:30-09:30": "*2"}]}
    blocks = kind_of(laid(base, over, f"{PART}=+10", f"{RATE}=120")).arrivals
    assert blocks.expected.tolist() == pytest.approx([60, 120, 125, 65, 60, 60, 60, 60])


def test_a_part_of_every_day(full):
    blocks = kind_of(load(full, settings=["contact_types.mail.arrivals@08:00-09:00=0"]), 3).arrivals
    assert blocks.expected.tolist() == [0, 0, 6, 6, 6, 6, 6, 6] * 2


def test_a_part_of_a_profile_has_the_step_of_its_file(full):
    before = kind_of(load(full)).arrivals.expected.tolist()
    after = kind_of(
        load(full, settings=["contact_types.service.arrivals@08:15-08:30=*3"])
    ).arrivals.expected.tolist()
    assert after[1] == pytest.approx(3 * before[1])
    assert [a for n, a in enumerate(after) if n % 16 != 1] == [
        b for n, b in enumerate(before) if n % 16 != 1
    ]


def test_a_part_of_recorded_arrivals_is_multiplied(full):
    blocks = kind_of(
        load(full, settings=["contact_types.chat.arrivals@08:00-09:00=*0.5"]), 2
    ).arrivals
    assert blocks.expected.tolist() == [0.5, 0.5, *[1] * 6] * 2


def test_a_part_of_the_night(tmp_path):
    base = put(tmp_path, "base.toml", plain(clock={"opens": "22:00", "closes": "26:00"}))
    blocks = kind_of(
        load(base, settings=["contact_types.service.arrivals@24:00-25:00=*2"])
    ).arrivals
    assert blocks.expected.tolist() == [30, 30, 30, 30, 60, 60, 30, 30]


@pytest.mark.parametrize(
    ("change", "counts"),
    [
        ("*1.5", (3, 3, 5, 5, 3, 3, 3, 3)),
        ("+1", (3, 3, 4, 4, 3, 3, 3, 3)),
        ("=9", (3, 3, 9, 9, 3, 3, 3, 3)),
        ("+-5", (3, 3, 0, 0, 3, 3, 3, 3)),
    ],
)
def test_staffing_in_a_part_of_the_day(base, change, counts):
    plan = (
        load(base, settings=[f"agent_groups.general.staffing@09:00-10:00={change}"])
        .groups[0]
        .staffing
    )
    assert plan.counts == counts


def test_staffing_changes_at_any_minute(base):
    plan = load(base, settings=["agent_groups.general.staffing@09:10-11:50=+1"]).groups[0].staffing
    by_instant = dict(zip(plan.instants, plan.counts, strict=True))
    assert [by_instant[s] for s in (32400, 33000, 34200, 41400, 42600)] == [3, 4, 4, 4, 3]


REFUSED = {
    "no value": ("run.seed", "--set run.seed: must be KEY=VALUE, such as run.seed=7"),
    "no key": ("=7", "--set =7: must be KEY=VALUE"),
    "an unknown table": ("rnu.seed=7", "unknown key 'rnu'; did you mean 'run'?"),
    "an unknown key": (
        "run.sed=7",
        "--set run.sed=7: run.sed: unknown key 'sed'; did you mean 'seed'?",
    ),
    "an unknown name": (
        "contact_types.servce.priority=1",
        "contact_types: unknown name 'servce'; did you mean 'service'?",
    ),
    "a name without a key": (
        "contact_types.service=1",
        "say which key of contact_types.service is to be set",
    ),
    "a value that does not fit": (
        "run.seed=x",
        "--set run.seed=x: run.seed: got 'x'; must be a whole number",
    ),
    "an operation on text": ("name=*2", "'*2' needs a number to change; found no number"),
    "an operation on a table": ("run=*2", "needs a number to change; found no number"),
    "an operation on nothing": (
        "contact_types.service.arrivals.expected=*2",
        "needs a number to change; found nothing",
    ),
    "an operation out of all bounds": (f"{RATE}=*1e308", "is out of all bounds"),
    "part of a key that has none": (
        "contact_types.service.handle@09:00-10:00=*2",
        "a part of the day goes with arrivals and staffing only",
    ),
    "part of an interval": (
        "contact_types.service.arrivals@09:10-10:00=*2",
        "arrivals@09:10-10:00: must begin and end at the edges of intervals; it cuts 09:00-09:30",
    ),
    "part of another day": (
        "contact_types.service.arrivals@13:00-14:00=*2",
        "arrivals@13:00-14:00: no arrivals in that part of the day",
    ),
    "a part that ends first": (
        "contact_types.service.arrivals@10:00-09:00=*2",
        "a part of the day must end after it starts",
    ),
    "a part that is none": (
        "contact_types.service.arrivals@9-10=*2",
        "a part of the day is written such as arrivals@09:00-11:00",
    ),
    "a change that is none": (
        f"{PART}=more",
        "must be such as *1.2, +5 (an hour) or =60 (an hour)",
    ),
    "a negative volume": (f"{PART}==-5", "must be such as *1.2, +5 (an hour) or =60 (an hour)"),
    "a table for a change": (
        f"{PART}={{ a = 1 }}",
        "must be such as '*1.2', '+5' (an hour) or 60 (an hour)",
    ),
    "staffing after closing": (
        "agent_groups.general.staffing@11:00-13:00=1",
        "staffing@11:00-13:00: must lie inside the opening hours",
    ),
    "a key too deep": ("a" + ".a" * 100 + "=1", "tables stand in tables more than 30 deep"),
    "a value too deep": (
        "name=" + "[" * 100 + "]" * 100,
        "tables stand in tables more than 30 deep",
    ),
    "a value of two lines": ("name=a\nb", "name: got 'a b'; must be one line of text"),
    "a key in a list": ("changes.absent.count=1", "--set changes.absent.count=1: changes"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_setting_at_fault(tmp_path, case):
    setting, words = REFUSED[case]
    table = (
        plain(changes=[{"absent": {"group": "general", "count": 1}}])
        if "changes" in setting
        else plain()
    )
    with pytest.raises(ScenarioError) as fault:
        load(put(tmp_path, "base.toml", table), settings=[setting])
    assert words in str(fault.value)
    assert "\n" not in str(fault.value)
    assert len(str(fault.value)) < 1000


def test_a_part_of_the_day_of_a_roster_is_refused(tmp_path):
    base = put(
        tmp_path,
        "base.toml",
        plain(agent_groups=rostered("Ann,general,1,work,08:00,12:00\n", tmp_path)),
    )
    with pytest.raises(ScenarioError, match=r"staffing@ goes with staffing counts only"):
        load(base, settings=["agent_groups.general.staffing@09:00-10:00=1"])


def test_recorded_arrivals_cannot_be_added_to(full):
    with pytest.raises(ScenarioError, match="recorded arrivals can only be multiplied"):
        load(full, settings=["contact_types.chat.arrivals@08:00-09:00=+5"])


OVERLAYS = {
    "no list of tables": (
        {"contact_types": {"servce": {}}},
        "contact_types: unknown name 'servce'; did you mean 'service'",
    ),
    "a table without a name": ({"contact_types": [{"priority": 2}]}, "is missing"),
    "a number for arrivals beside a part": (
        {"contact_types": [{"name": "service", "arrivals": 5, "arrivals@09:00-10:00": "*2"}]},
        "must be such as '*1.2'",
    ),
    "a number for parts": (
        {
            "contact_types": [
                {"name": "service", "arrivals": {"parts_of_day": 5}, "arrivals@09:00-10:00": "*2"}
            ]
        },
        "must be such as '*1.2'",
    ),
    "a number for a distribution": (
        {"contact_types": [{"name": "service", "patience": {"distribution": 5}}]},
        "unknown distribution '5'",
    ),
    "a list for a distribution": (
        {"contact_types": [{"name": "service", "patience": {"distribution": [1]}}]},
        "contact_types.service.patience",
    ),
    "a number for changes": ({"changes": 5}, "changes: got 5; must be a list"),
    "a name that is a number": (
        {"contact_types": [{"name": 5}]},
        "contact_types: unknown name '5'",
    ),
}


@pytest.mark.parametrize("case", OVERLAYS)
def test_an_overlay_at_fault(base, case):
    over, words = OVERLAYS[case]
    with pytest.raises(ScenarioError) as fault:
        laid(base, over)
    assert words in str(fault.value)
    assert "over.toml" in str(fault.value)


PATHS = leaves(everything())


@settings(max_examples=250, deadline=None)
@given(path=st.sampled_from(PATHS), nasty=st.sampled_from(sorted(NASTY)))
def test_any_overlay_loads_or_is_refused_in_one_sentence(full, path, nasty):
    value = None if nasty == "gone" else NASTY[nasty]
    for place, step in reversed(list(enumerate(path))):
        if isinstance(step, int):
            named = everything()
            for before in path[:place]:
                named = named[before]
            name = named[step].get("name") if isinstance(named[step], dict) else None
            value = [{"name": name, **value} if name and isinstance(value, dict) else value]
        else:
            value = {step: value}
    try:
        laid(full, {} if nasty == "gone" else value)
    except InputError as fault:
        check_message(str(fault) + str(full.parent), full.parent)


texts = st.one_of(
    st.sampled_from(
        [
            "*2",
            "+1",
            "=3",
            "*1e308",
            "+-1e308",
            "1e400",
            "nan",
            "inf",
            "true",
            "[]",
            "{}",
            "[[]]",
            "9" * 400,
            "x" * 5000,
            "",
            '"',
            "a\nb",
            "0x" + "f" * 5000,
        ]
    ),
    st.text(max_size=10),
)
keys = st.sampled_from(
    [
        ".".join(
            str(everything()["contact_types"][s]["name"])
            if p[0] == "contact_types" and n == 1
            else str(everything()["agent_groups"][s]["name"])
            if p[0] == "agent_groups" and n == 1
            else str(s)
            for n, s in enumerate(p)
        )
        for p in PATHS
    ]
    + [
        "contact_types.service.arrivals@08:00-09:00",
        "agent_groups.counted.staffing@08:00-09:00",
        "",
        ".",
        "..",
        "run.",
        "@",
    ]
)


@settings(max_examples=300, deadline=None)
@given(key=keys, text=texts)
def test_any_setting_loads_or_is_refused_in_one_sentence(full, key, text):
    try:
        load(full, settings=[f"{key}={text}"])
    except InputError as fault:
        check_message(str(fault) + str(full.parent), full.parent)


def test_a_table_of_one_name_is_the_entry_of_that_name():
    base = {"contact_types": [{"name": "a", "priority": 1}, {"name": "b", "priority": 1}]}
    over = {"contact_types": {"b": {"handle": {"talk": {"mean": 260}}}}}
    assert lay_over(base, over)["contact_types"][1] == {
        "name": "b",
        "priority": 1,
        "handle": {"talk": {"mean": 260}},
    }
    assert lay_over(base, {"contact_types": {"name": "a", "priority": 3}})["contact_types"] == [
        {"name": "a", "priority": 3},
        {"name": "b", "priority": 1},
    ]
