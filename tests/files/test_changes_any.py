"""``[[changes]]`` on night shifts and on many agents at once, and any change to any roster.

The last part makes random rosters and random changes, on a lattice of quarters of an hour,
and works out again, moment by moment, what must come of them.
"""

from __future__ import annotations

import copy
import time

import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from simcenter.errors import InputError
from simcenter.files.scenario import load
from tests.files.desk import document, group, loaded, plain, put, rostered
from tests.files.test_changes import changed, hours

HEADER = "agent,group,day,activity,start,end\n"
QUARTER = 900.0
NIGHT = "A,general,1,work,22:00,06:00\nA,general,1,lunch,03:00,03:30\n"


# by hand


def test_extend_earlier_cuts_each_agents_own_rows(tmp_path):
    rows = (
        "A,general,1,work,08:00,16:00\n"
        "A,general,1,break,15:00,15:15\n"
        "B,general,1,work,08:00,18:00\n"
        "C,general,1,work,08:00,19:00\n"
        "C,general,1,lunch,12:00,12:30\n"
        "C,general,1,break,18:00,18:15\n"
        "C,general,1,meeting,09:00,09:30\n"
    )
    assert hours(changed(tmp_path, {"extend": {"minutes": -90}}, rows=rows)) == {
        "A": ["work 08:00-14:30"],
        "B": ["work 08:00-16:30"],
        "C": [
            "work 08:00-09:00",
            "meeting 09:00-09:30",
            "work 09:30-12:00",
            "lunch 12:00-12:30",
            "work 12:30-17:30",
        ],
    }


def test_extend_sees_work_rows_that_touch_as_one(tmp_path):
    rows = "A,general,1,work,08:00,12:00\nA,general,1,work,12:00,16:00\n"
    scenario = changed(tmp_path, {"extend": {"minutes": -300}}, rows=rows)
    assert hours(scenario) == {"A": ["work 08:00-11:00"]}


def test_extend_later_cuts_nothing(tmp_path):
    rows = "A,general,1,work,08:00,12:00\nA,general,1,training,13:00,14:00\n"
    scenario = changed(tmp_path, {"extend": {"minutes": 30}}, rows=rows)
    assert hours(scenario) == {"A": ["work 08:00-12:30", "training 13:00-14:00"]}


def test_extend_a_night_shift_earlier(tmp_path):
    scenario = changed(tmp_path, {"extend": {"minutes": -240}}, rows=NIGHT)
    assert hours(scenario) == {"A": ["work 22:00-26:00"]}


@pytest.mark.parametrize(
    ("day", "at", "left"),
    [
        (1, "25:00", ["work 22:00-25:00"]),
        (2, "01:00", ["work 22:00-25:00"]),
        (1, "26:00", ["work 22:00-26:00"]),
        (2, "02:00", ["work 22:00-26:00"]),
        (2, "05:00", ["work 22:00-27:00", "lunch 27:00-27:30", "work 27:30-29:00"]),
    ],
)
def test_send_home_from_a_night_shift(tmp_path, day, at, left):
    home = {"send_home": {"group": "general", "count": 1, "at": at, "day": day}}
    assert hours(changed(tmp_path, home, rows=NIGHT, days=2)) == {"A": left}


@pytest.mark.parametrize("activity", ["lunch", "leave", "training"])
def test_send_home_passes_over_who_is_not_at_work(tmp_path, activity):
    rows = f"A,general,1,work,08:00,16:00\nB,general,1,{activity},08:00,16:00\n"
    home = {"group": "general", "count": 1, "at": "12:00"}
    scenario = changed(tmp_path, {"send_home": home}, rows=rows)
    assert hours(scenario) == {"A": ["work 08:00-12:00"], "B": [f"{activity} 08:00-16:00"]}
    with pytest.raises(InputError, match=r"2 agents are to go home at 12:00 on day 1; 1 are there"):
        changed(tmp_path, {"send_home": {**home, "count": 2}}, rows=rows)


def test_move_an_activity_back_over_midnight(tmp_path):
    rows = NIGHT.replace("03:00,03:30", "00:15,00:45")
    scenario = changed(tmp_path, {"move": {"activity": "lunch", "minutes": -30}}, rows=rows)
    assert hours(scenario) == {"A": ["work 22:00-23:45", "lunch 23:45-24:15", "work 24:15-30:00"]}


@pytest.mark.parametrize(("start", "end"), [("03:00", "03:30"), ("27:00", "27:30")])
def test_rows_after_midnight_are_added_and_removed_as_they_are_written(tmp_path, start, end):
    row = {"agent": "A", "group": "general", "day": 1, "activity": "lunch"}
    lunch = {**row, "start": start, "end": end}
    late = {**row, "start": "04:00", "end": "04:30"}
    work = {**row, "activity": "work", "start": "22:00", "end": "06:00"}
    scenario = changed(
        tmp_path, {"remove": {"rows": [lunch]}}, {"add": {"rows": [late]}}, rows=NIGHT
    )
    assert hours(scenario) == {"A": ["work 22:00-28:00", "lunch 28:00-28:30", "work 28:30-30:00"]}
    changes = ({"remove": {"rows": [work]}}, {"remove": {"rows": [lunch]}})
    rows = NIGHT + "B,general,1,work,08:00,09:00\n"
    assert hours(changed(tmp_path, *changes, rows=rows)) == {"B": ["work 08:00-09:00"]}
    home = {"send_home": {"group": "general", "count": 1, "at": "25:00"}}
    scenario = changed(tmp_path, {"add": {"rows": [late]}}, home, rows=NIGHT)
    assert hours(scenario) == {"A": ["work 22:00-25:00"]}


def test_a_row_that_does_not_fit_a_night_shift_is_named_as_before(tmp_path):
    with pytest.raises(
        InputError,
        match=r"lunch 29:45-30:15 of agent 'A' on day 1 \(.*line 3\) lies only partly inside work 22:00-30:00",
    ):
        changed(tmp_path, {"move": {"activity": "lunch", "minutes": 165}}, rows=NIGHT)


CHANGES = {
    "extend": {"minutes": -30},
    "insert": {"activity": "meeting", "start": "10:00", "end": "10:30"},
    "send_home": {"group": "general", "count": 50, "at": "15:00"},
    "move": {"activity": "lunch", "minutes": 15},
}


@pytest.mark.parametrize("kind", CHANGES)
def test_a_change_of_many_agents_on_many_days_takes_no_time(tmp_path, kind):
    rows = "".join(
        f"a{agent},general,{day},work,08:00,16:00\na{agent},general,{day},lunch,12:00,12:30\n"
        for day in range(1, 81)
        for agent in range(100)
    )
    start = time.process_time()
    changed(tmp_path, {kind: CHANGES[kind]}, rows=rows, days=80)
    assert time.process_time() - start < 5


def test_a_level_of_zero_is_refused(tmp_path):
    put(tmp_path, "agents.csv", "agent,group,service level\nAnn,general,0\n")
    groups = rostered("Ann,general,1,work,08:00,12:00\n", tmp_path, skills=None)
    with pytest.raises(
        InputError,
        match=r"agents\.csv: line 2, column service level: got '0'; must be a whole number from 1",
    ):
        loaded(tmp_path, agents="agents.csv", agent_groups=groups)


# any change to any roster: instants are numbers of quarters, 96 a day

AGENTS = {"Ann": "general", "Bob": "general", "Cid": "general", "Dee": "other"}
PATTERNS = {
    "*": "Ann Bob Cid Dee Eve",
    "[AC]*": "Ann Cid",
    "Bob": "Bob",
    "*e*": "Dee Eve",
}
GROUPS = st.sampled_from([None, "general", "other"])
DAYS = 2
day_or_none = st.sampled_from([None, 1, 1, 2, 2])


class Refused(Exception):  # noqa: N818
    """The change cannot be made."""


def clock(quarters):
    return f"{quarters // 4:02d}:{quarters % 4 * 15:02d}"


@st.composite
def shift(draw):
    """Return (work, activities) of one day as if it began at 0; nights end by 30:00."""
    start = draw(st.integers(24, 92))
    end = start + draw(st.integers(8, 28))
    activities = []
    at = start - draw(st.sampled_from([0, 0, 0, 4]))
    if at < start:
        activities.append(("training", at, start))
    at = start
    for name in draw(st.lists(st.sampled_from(["break", "lunch", "training"]), max_size=3)):
        at += draw(st.integers(0, 8))
        length = draw(st.integers(1, 3))
        if at + length <= end:
            activities.append((name, at, at + length))
        at += length
    return (start, end), activities


@st.composite
def rosters(draw):
    """Return {agent: {day: (work, activities)}} with absolute instants, and its rows as CSV."""
    people, text = {}, ""
    for name, team in AGENTS.items():
        lines = []
        for day in range(1, DAYS + 1):
            if draw(st.integers(0, 4)) == 0:
                continue
            (start, end), activities = draw(shift())
            zero = (day - 1) * 96
            people.setdefault(name, {})[day] = (
                (zero + start, zero + end),
                [(what, zero + a, zero + b) for what, a, b in activities],
            )
            middle = draw(st.integers(start, end))
            pieces = [(start, middle), (middle, end)] if start < middle < end else [(start, end)]
            written = [("work", a, b) for a, b in pieces] + activities
            for what, a, b in written:
                if a >= 96 and what != "work" and draw(st.booleans()):
                    a, b = a - 96, b - 96
                if b > 96 and a < 96 and draw(st.booleans()):
                    b -= 96
                lines.append(f"{name},{team},{day},{what},{clock(a)},{clock(b)}\n")
        text += "".join(draw(st.permutations(lines)))
    assume({AGENTS[name] for name in people} == {"general", "other"})
    return people, text


def span(draw):
    start = draw(st.integers(24, 118))
    return start, start + draw(st.integers(1, 8))


@st.composite
def changes(draw, edges):
    """Return a change; edges are instants of a day at which something of the roster happens."""
    kind = draw(
        st.sampled_from(
            [
                "extend",
                "send_home",
                "send_home",
                "send_home",
                "insert",
                "move",
                "remove",
                "add",
                "rows",
                "absent",
                "add_skill",
            ]
        )
    )
    day, agents, team = draw(day_or_none), draw(st.sampled_from(list(PATTERNS))), draw(GROUPS)
    start, end = span(draw)
    body = {"agents": agents, "group": team, "day": day}
    if kind == "extend":
        body |= {"minutes": 15 * draw(st.integers(-24, 12))}
    elif kind == "send_home":
        body = {"group": team or "general", "count": draw(st.sampled_from([1, 1, 2])), "day": day}
        body |= {"at": clock(draw(st.integers(0, 118) | edges | edges | edges))}
    elif kind == "insert":
        body |= {"activity": "meeting", "start": clock(start), "end": clock(end)}
        body |= {"count": draw(st.sampled_from([None, 1, 2]))}
    elif kind == "move":
        body |= {"activity": draw(st.sampled_from(["lunch", "break", "training"]))}
        body |= {"minutes": 15 * draw(st.integers(-12, 12))}
    elif kind == "remove":
        body |= {"activity": draw(st.sampled_from([None, "lunch", "break"]))}
    elif kind == "add":
        body = {"agents": ["Eve"], "group": "other", "day": day}
        body |= {"start": clock(start), "end": clock(end)}
    elif kind == "rows":
        name = draw(st.sampled_from(list(AGENTS)))
        row = {"agent": name, "group": AGENTS[name], "day": day or 1, "activity": "coaching"}
        late = 96 if start >= 96 and draw(st.booleans()) else 0
        return {"add": {"rows": [{**row, "start": clock(start - late), "end": clock(end - late)}]}}
    elif kind == "absent":
        body = {"group": team or "general", "count": 1, "day": day}
    else:
        body = {"agents": agents, "group": team, "type": "service", "level": 7}
    return {kind: {key: value for key, value in body.items() if value is not None}}


@st.composite
def cases(draw):
    people, text = draw(rosters())
    plans = [(day, plan) for days in people.values() for day, plan in days.items()]
    edges = {
        at - (day - 1) * 96
        for day, (work, activities) in plans
        for start, end in [work, *(a[1:] for a in activities)]
        for at in (start, start + 1, end)
    }
    change = changes(st.sampled_from(sorted(edges)))
    return people, text, draw(st.lists(change, min_size=1, max_size=2))


def quarters(text):
    return int(text[:2]) * 4 + int(text[3:]) // 15


def named(people, body):
    """Return (agent, day) pairs of the roster that a change names, in order."""
    names = [
        name
        for name in people
        if name in PATTERNS[body.get("agents", "*")].split()
        and body.get("group") in (None, AGENTS.get(name, "other"))
    ]
    if not names:
        raise Refused
    return [(n, d) for n in names for d in sorted(people[n]) if body.get("day") in (None, d)]


def moments(plan):
    """Return {quarter: activity} of one day's work and activities."""
    work, activities = plan
    found = dict.fromkeys(range(*work), "work") if work else {}
    for what, start, end in activities:
        found.update(dict.fromkeys(range(start, end), what))
    return found


def cut(plan, at):
    """Return what is left of a day before an instant, None if nothing is."""
    work, activities = plan
    work = (work[0], min(work[1], at)) if work and work[0] < at else None
    left = [(what, start, min(end, at)) for what, start, end in activities if start < at]
    return (work, left) if work or left else None


def worked_out(people, change):
    """Return the roster after a change, or raise `Refused`."""
    people = copy.deepcopy(people)
    ((kind, body),) = change.items()
    days = [body["day"]] if body.get("day") else list(range(1, DAYS + 1))
    if kind == "extend":
        more = body["minutes"] // 15
        pairs = [(n, d) for n, d in named(people, body) if people[n][d][0]]
        if not pairs:
            raise Refused
        for name, day in pairs:
            (start, end), activities = people[name][day]
            if end + more <= start:
                raise Refused
            people[name][day] = ((start, end + more), activities)
            if more < 0:
                people[name][day] = cut(people[name][day], end + more)
    elif kind == "send_home":
        for number in days:
            at = (number - 1) * 96 + quarters(body["at"])
            there = [
                (name, day)
                for name in people
                if AGENTS.get(name, "other") == body["group"]
                for day, plan in people[name].items()
                if moments(plan).get(at) == "work"
            ]
            if len(there) < body["count"]:
                raise Refused
            for name, day in there[-body["count"] :]:
                people[name][day] = cut(people[name][day], at)
                if people[name][day] is None:
                    del people[name][day]
    elif kind == "insert":
        names = dict.fromkeys(name for name, _ in named(people, {**body, "day": None}))
        for number in days:
            start, end = ((number - 1) * 96 + quarters(body[key]) for key in ("start", "end"))
            free = [
                (name, day)
                for name in names
                for day, plan in people[name].items()
                if all(moments(plan).get(at) == "work" for at in range(start, end))
            ]
            count = body.get("count", len(free))
            if len(free) < count or not free:
                raise Refused
            for name, day in free[:count]:
                people[name][day][1].append(("meeting", start, end))
    elif kind in ("move", "remove"):
        pairs, hit = named(people, body), False
        for name, day in pairs:
            work, activities = people[name][day]
            if kind == "remove" and "activity" not in body:
                del people[name][day]
                hit = True
                continue
            mine = [a for a in activities if a[0] == body["activity"]]
            rest = [a for a in activities if a[0] != body["activity"]]
            hit = hit or bool(mine)
            if kind == "move":
                by = body["minutes"] // 15
                rest += [(what, start + by, end + by) for what, start, end in mine]
            people[name][day] = (work, rest)
            if not work and not rest:
                del people[name][day]
        if not hit:
            raise Refused
    elif kind == "add" and "rows" in body:
        (row,) = body["rows"]
        name, day, zero = row["agent"], row["day"], (row["day"] - 1) * 96
        work, activities = people.setdefault(name, {}).get(day, (None, []))
        start, end = zero + quarters(row["start"]), zero + quarters(row["end"])
        if work and not (work[0] < end and start < work[1]):  # 01:00 in a night shift is 25:00
            later = start + 96, end + 96
            if work[0] <= later[0] and later[1] <= work[1]:
                start, end = later
        people[name][day] = (work, [*activities, ("coaching", start, end)])
    elif kind == "add":
        for day in days:
            start, end = ((day - 1) * 96 + quarters(body[key]) for key in ("start", "end"))
            people.setdefault("Eve", {})[day] = ((start, end), [])
    elif kind == "add_skill" and body["agents"] != "*":
        named(people, body)
    return {name: plans for name, plans in people.items() if plans}


def possible(people):
    """Return whether shifts can be made of it: nobody is at two things, or half out of work."""
    for plans in people.values():
        taken = set()
        for work, activities in plans.values():
            inside = set()
            for _, start, end in activities:
                own = set(range(start, end))
                if own & inside or (
                    work and own & set(range(*work)) and not own <= set(range(*work))
                ):
                    return False
                inside |= own
            whole = inside | set(range(*work) if work else ())
            if whole & taken:
                return False
            taken |= whole
    return True


def found(scenario):
    """Return {agent: {day: {quarter: activity}}} of a scenario, and check its shifts."""
    people = {}
    for agent in scenario.agents:
        days = people.setdefault(agent.name, {})
        for own in agent.shifts:
            at = own.start
            for segment in own.segments:
                assert at == segment.start < segment.end <= own.end
                at = segment.end
                quarter = days.setdefault(own.day, {})
                for moment in range(int(segment.start // QUARTER), int(segment.end // QUARTER)):
                    assert quarter.setdefault(moment, segment.activity) == segment.activity
    return people


@settings(max_examples=250, deadline=None)
@given(cases())
def test_any_change_does_what_it_says_and_nothing_else(tmp_path_factory, case):
    people, text, made = case
    assume(sum("agents" in change.get("add", ()) for change in made) < 2)
    folder = tmp_path_factory.getbasetemp()
    put(folder, "changed.csv", HEADER + text)
    groups = [
        *group(name="general", staffing=None, roster="changed.csv"),
        *group(name="other", staffing=None, roster="changed.csv"),
    ]
    day = {"opens": "06:00", "closes": "20:00", "days": DAYS}
    table = plain(clock=day, agent_groups=groups)
    try:
        base = load(put(folder, "changed.toml", document(table)))
    except InputError:
        reject()  # two days of one agent overlap before anything is changed
    assert found(base) == {
        name: {day: moments(plan) for day, plan in plans.items()} for name, plans in people.items()
    }
    expected = people
    try:
        for change in made:
            assume(possible(expected))  # what lies between changes may be refused or mended
            before, expected = expected, worked_out(expected, change)
        refused = not possible(expected)
    except Refused:
        refused = True
    path = put(folder, "changed.toml", document({**table, "changes": made}))
    if refused:
        with pytest.raises(InputError):
            load(path)
        return
    try:
        scenario = load(path)
    except InputError:
        # what is worked out here does not know that an activity must stay with its shift
        with pytest.raises(InputError, match="move: takes"):
            load(path)
        return
    assert found(scenario) == {
        name: {day: moments(plan) for day, plan in plans.items()}
        for name, plans in expected.items()
    }
    unnamed(before, expected, made[-1])
    for agent in scenario.agents:
        own = "other" if agent.name == "Eve" else AGENTS[agent.name]
        skilled = [
            body
            for change in made
            for kind, body in change.items()
            if kind == "add_skill"
            and agent.name in PATTERNS[body["agents"]].split()
            and body.get("group") in (None, own)
        ]
        assert agent.levels == ((7,) if skilled else (1,))
    for team in scenario.groups:
        absent = [change["absent"] for change in made if "absent" in change]
        mine = [body for body in absent if body["group"] == team.name]
        assert team.absent == tuple(
            sum(body.get("day") in (None, day) for body in mine) for day in (1, 2)
        )


def unnamed(before, after, change):
    """Check that agents whom a change does not name are left as they were."""
    ((_, body),) = change.items()
    if isinstance(body.get("agents"), str):
        for name, plans in before.items():
            if name not in PATTERNS[body["agents"]].split():
                assert after[name] == plans
