"""Whatever stands in a scenario: it loads, or one sentence says where, what and what is allowed."""

from __future__ import annotations

import copy
import gc
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simcenter.errors import InputError, ScenarioError
from simcenter.files.scenario import load
from tests.files.desk import FILES, document, everything, group, plain, put, put_everything, service

GONE = object()
NASTY = {
    "gone": GONE,
    "empty": "",
    "text": "x",
    "minus": -1,
    "zero": 0,
    "huge": 1e308,
    "nan": float("nan"),
    "inf": float("inf"),
    "true": True,
    "list": [],
    "table": {},
    "tables": [{}],
    "long": "x" * 20_000,
    "lines": "a\nb\0c",
    "billion": 10**9,
    "digits": 10**400,
    "clock": "25:61",
    "operation": "*2",
    "tiny": 5e-324,
}


def leaves(value, path=()):
    """Return the paths of every key and item, tables and lists themselves included."""
    found = [path] if path else []
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    else:
        items = []
    for key, inner in items:
        found += leaves(inner, (*path, key))
    return found


def changed(table, path, value):
    """Return a copy of a table with another value at a path."""
    result = copy.deepcopy(table)
    holder = result
    for key in path[:-1]:
        holder = holder[key]
    if value is GONE:
        del holder[path[-1]]
    else:
        holder[path[-1]] = copy.deepcopy(value)
    return result


def name_of(path):
    return ".".join(map(str, path))


PATHS = leaves(everything())


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("everything")
    put_everything(path)
    return path


def verdict(folder, table):
    """Load a table; return the message of the refusal, or None."""
    path = put(folder, "nasty.toml", table)
    try:
        load(path)
    except InputError as fault:
        return str(fault)
    return None


def check_message(message, folder):
    assert "\n" not in message
    assert message.isprintable()
    assert len(message) < 2000
    assert str(folder) in message, message
    assert "pydantic" not in message
    assert "Input should" not in message


def test_everything_loads(folder):
    scenario = load(folder / "scenario.toml")
    assert [kind.name for kind in scenario.types] == ["service", "sales", "chat", "mail"]


@pytest.mark.parametrize("nasty", NASTY)
def test_no_value_anywhere_gives_more_than_one_sentence(folder, nasty):
    table = everything()
    refused = 0
    for path in PATHS:
        message = verdict(folder, changed(table, path, NASTY[nasty]))
        if message is not None:
            refused += 1
            check_message(message, folder)
    assert refused > len(PATHS) / 10


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_several_faults_at_once_give_one_sentence(folder, data):
    table = everything()
    for _ in range(data.draw(st.integers(2, 4))):
        path = data.draw(st.sampled_from(leaves(table)))
        value = data.draw(st.sampled_from(sorted(NASTY)))
        table = changed(table, path, NASTY[value])
    message = verdict(folder, table)
    if message is not None:
        check_message(message, folder)


# names that the planner gives: they are no keys of the format
OWN_NAMES = {"skills", "handle_factor", "hours"}
KEYS = [path for path in PATHS if isinstance(path[-1], str) and not (OWN_NAMES & set(path[:-1]))]


@pytest.mark.parametrize("path", KEYS, ids=name_of)
def test_a_misspelt_key_is_answered_with_the_nearest_one(folder, path):
    table = everything()
    key = path[-1]
    wrong = key + key[-1]
    holder = table
    for step in path[:-1]:
        holder = holder[step]
    holder[wrong] = holder.pop(key)
    message = verdict(folder, table)
    assert message is not None
    assert f"unknown key '{wrong}'; did you mean '{key}'?" in message


@pytest.mark.parametrize(
    ("where", "wrong", "right"),
    [
        (("agent_groups", 0, "skills"), "servce", "service"),
        (("agent_groups", 0, "handle_factor"), "servce", "service"),
    ],
)
def test_a_misspelt_contact_type_is_answered_with_the_nearest_one(folder, where, wrong, right):
    message = verdict(folder, changed(everything(), (*where, wrong), 1))
    assert f"unknown contact type '{wrong}'; did you mean '{right}'?" in message


CHOICES = {
    "clock.at_close": ("serves", "'serve', 'drop'"),
    "contact_types.0.target.period": ("days", "'interval', 'day', 'whole'"),
    "agent_groups.0.late_breaks": ("keep", "'keep-length', 'keep-end'"),
    "agent_groups.1.when_staffing_drops": ("idle", "'random', 'idle-first'"),
    "report.service_level": ("offred", "'offered', 'answered', 'with_abandons'"),
    "report.abandonment_rate": ("offred", "'offered', 'short_excluded'"),
    "report.booking": ("start", "'arrival', 'end'"),
    "routing.agent.0": ("skil", "'skill', 'longest-idle', 'least-occupied'"),
    "routing.contact.0": ("skil", "'priority', 'skill', 'longest-wait', 'longest-queue'"),
    "clock.interval_minutes": (45, "5, 10, 15, 20, 30, 60"),
}


@pytest.mark.parametrize("place", CHOICES)
def test_a_wrong_choice_is_answered_with_all_choices(folder, place):
    path = tuple(int(step) if step.isdigit() else step for step in place.split("."))
    given_value, allowed = CHOICES[place]
    message = verdict(folder, changed(everything(), path, given_value))
    assert str(given_value) in message
    assert f"must be one of {allowed}" in message


def test_a_wrong_distribution_is_answered_with_the_nearest_one(folder):
    path = ("contact_types", 0, "handle", "talk", "distribution")
    message = verdict(folder, changed(everything(), path, "gama"))
    assert "contact_types.service.handle.talk" in message
    assert (
        "unknown distribution 'gama'; did you mean 'gamma'? known: constant, exponential" in message
    )


WORDS = {
    "a number below its limit": (
        plain(contact_types=service(priority=-1)),
        "contact_types.service.priority: got -1; must be at least 0",
    ),
    "text for a number": (
        plain(contact_types=service(arrivals={"rate_per_hour": "many"})),
        "contact_types.service.arrivals.rate_per_hour: got 'many'; must be a number",
    ),
    "true for a number": (
        plain(run={"seed": True}),
        "run.seed: got true; must be a whole number",
    ),
    "a missing key": (
        plain(clock={"closes": "12:00"}),
        "clock: 'opens' is missing",
    ),
    "not a number": (
        plain(contact_types=service(arrivals={"rate_per_hour": float("nan")})),
        "rate_per_hour: got nan; must be a finite number",
    ),
    "no clock": (
        plain(clock={"opens": "8", "closes": "12:00"}),
        "clock.opens: got '8'; must be a clock",
    ),
    "seconds in the opening": (
        plain(clock={"opens": "08:00:30", "closes": "12:00:30"}),
        "whole minutes",
    ),
    "no whole intervals": (
        plain(clock={"opens": "08:00", "closes": "12:15"}),
        "must be whole intervals of 30 min",
    ),
    "closes before it opens": (
        plain(clock={"opens": "08:00", "closes": "07:00"}),
        "closes must lie between opens and 24 hours after it",
    ),
    "opens after midnight": (
        plain(clock={"opens": "24:00", "closes": "26:00"}),
        "opens must be before 24:00",
    ),
    "too many days": (
        plain(clock={"opens": "08:00", "closes": "12:00", "days": 10**9}),
        "at most 3660",
    ),
    "a warm-up of the whole run": (
        plain(clock={"opens": "08:00", "closes": "12:00", "warm_up_minutes": 240}),
        "warm_up_minutes must leave",
    ),
    "a time zone": (
        plain(clock={"opens": "08:00", "closes": "12:00", "timezone": "Asia/Shangai"}),
        "clock.timezone: got 'Asia/Shangai'; must be the IANA name of a time "
        "zone; did you mean 'Asia/Shanghai'?",
    ),
    "two forms of arrivals": (
        plain(contact_types=service(arrivals={"rate_per_hour": 1, "expected": [1] * 8})),
        "give exactly one of rate_per_hour, expected, profile, times; found rate_per_hour and expected",
    ),
    "no form of arrivals": (plain(contact_types=service(arrivals={})), "found none"),
    "too few numbers": (
        plain(contact_types=service(arrivals={"expected": [1, 2]})),
        "contact_types.service.arrivals.expected: has 2 numbers; must be 8 (one day)",
    ),
    "too many contacts": (
        plain(contact_types=service(arrivals={"rate_per_hour": 1e7, "factor": 1000})),
        "4e+10 contacts are expected in one replication; at most 100000000 can be simulated",
    ),
    "shares above one": (
        plain(
            contact_types=service(
                ivr={
                    "duration": {"distribution": "constant", "value": 1},
                    "self_service": 0.6,
                    "abandon": 0.6,
                }
            )
        ),
        "self_service and abandon must not exceed 1 together",
    ),
    "aht and parts": (
        plain(
            contact_types=service(
                handle={"aht": 1, "talk": {"distribution": "constant", "value": 1}}
            )
        ),
        "give either aht (and wrap) or talk, hold and wrap",
    ),
    "wrap above aht": (
        plain(contact_types=service(handle={"aht": 10, "wrap": 11})),
        "wrap is part of aht and cannot exceed it",
    ),
    "aht with a distribution of wrap": (
        plain(
            contact_types=service(
                handle={"aht": 10, "wrap": {"distribution": "constant", "value": 1}}
            )
        ),
        "beside aht, wrap is a mean in seconds",
    ),
    "no handle": (plain(contact_types=service(handle={})), "give talk (a distribution) or aht"),
    "a target without a threshold": (
        plain(contact_types=service(target={"service_level": 0.8})),
        "service_level needs answer_within_seconds",
    ),
    "two types of one name": (
        plain(contact_types=service() * 2),
        "contact_types: the name 'service' stands twice",
    ),
    "roster and staffing": (
        plain(agent_groups=group(roster="roster.csv")),
        "give exactly one of roster and staffing",
    ),
    "shrinkage with a roster": (
        plain(agent_groups=group(roster="r.csv", staffing=None, shrinkage=0.1)),
        "shrinkage goes with staffing counts only",
    ),
    "two agents of one name": (
        plain(
            agent_groups=[
                *group(name="a", staffing=1),
                *group(name="a 1", staffing=0),
                *group(name="a", staffing=1),
            ]
        ),
        "the name 'a' stands twice",
    ),
    "a negative part of the day": (
        plain(
            contact_types=service(
                arrivals={
                    "rate_per_hour": 1,
                    "parts_of_day": [{"start": "08:00", "end": "09:00", "change": "*-1"}],
                }
            )
        ),
        "must be such as *1.2, +5 (an hour) or =60 (an hour)",
    ),
    "an unknown file": (
        plain(agent_groups=group(staffing=None, roster="rooster.csv")),
        "rooster.csv: no such file; did you mean 'roster.csv'?",
    ),
    "hours outside the clock": (
        plain(contact_types=service(hours={"daily": "07:00-12:00"})),
        "contact_types.service.hours.daily: got '07:00-12:00'; must lie inside the clock's 08:00-12:00",
    ),
    "hours that are none": (
        plain(contact_types=service(hours={"daily": "all"})),
        "got 'all'; must be such as '08:00-20:00' or 'closed'",
    ),
    "hours of no day": (plain(contact_types=service(hours={})), "service.hours: names no days"),
    "hours by weekday without dates": (
        plain(contact_types=service(hours={"mon": "closed"})),
        "weekdays need clock.first_day (or write daily = …)",
    ),
    "a misspelt weekday": (
        plain(
            clock={**everything()["clock"], "days": 1},
            contact_types=service(hours={"mon-fir": "08:00-12:00"}),
        ),
        "unknown weekday 'fir'; did you mean 'fri'?",
    ),
    "a weekday twice": (
        plain(
            clock={**everything()["clock"], "days": 1},
            contact_types=service(hours={"mon-fri": "closed", "wed": "closed"}),
        ),
        "hours.wed: wed stands twice",
    ),
    "contacts when closed": (
        plain(
            contact_types=service(hours={"daily": "08:00-11:00"}, arrivals={"expected": [1] * 8})
        ),
        "1 contacts are expected at 11:00 of day 1, when the type is closed",
    ),
    "a what-if of two kinds": (
        plain(changes=[{"absent": {"group": "general", "count": 1}, "extend": {"minutes": 1}}]),
        "changes[1]: each entry is one change",
    ),
    "an empty value list": (
        plain(contact_types=service(handle={"talk": {"distribution": "empirical", "values": []}})),
        "got an empty list; needs at least 1",
    ),
    "weights without parts": (
        plain(
            contact_types=service(
                handle={
                    "talk": {
                        "distribution": "mixture",
                        "weights": [1, 2],
                        "parts": [{"distribution": "constant", "value": 1}],
                    }
                }
            )
        ),
        "2 weights for 1 parts",
    ),
    "a file without a column": (
        plain(
            contact_types=service(
                handle={"talk": {"distribution": "empirical", "file": "wrap.csv"}}
            )
        ),
        "file and column go together",
    ),
    "a misspelt column": (
        plain(
            contact_types=service(
                handle={
                    "talk": {"distribution": "empirical", "file": "wrap.csv", "column": "second"}
                }
            )
        ),
        "wrap.csv: unknown column 'second'; did you mean 'seconds'?",
    ),
    "no skills": (
        plain(agent_groups=group(skills=None)),
        "agent_groups.general: 'skills' is missing, such as skills = { service = 1 }",
    ),
    "too many blocks": (
        plain(
            clock={"opens": "00:00", "closes": "24:00", "interval_minutes": 5, "days": 3660},
            contact_types=service() + service(name="b"),
        ),
        "clock.days: got 3660; 3660 days of 288 intervals for 2 contact types are more than 2000000",
    ),
    "too many agents for their draws": (
        plain(
            clock={"opens": "00:00", "closes": "24:00", "days": 365},
            agent_groups=group(staffing=100_000),
        ),
        "agent_groups.general.staffing: 100000 agents over 17520 intervals are too many",
    ),
    "the last day of the calendar": (
        plain(
            clock={
                **everything()["clock"],
                "first_day": everything()["clock"]["first_day"].replace(year=9999),
            }
        ),
        "first_day must be a date such as 2026-03-02",
    ),
}


@pytest.mark.parametrize("case", WORDS)
def test_the_words_of_a_refusal(folder, case):
    table, words = WORDS[case]
    message = verdict(folder, table)
    assert message is not None
    assert words in message
    check_message(message, folder)


CHANNELS = {
    "email": "'email' needs its table [contact_types.deferred]",
    "task": "'task' needs its table [contact_types.deferred]",
    "chat": "'chat' needs its table [contact_types.chat]",
    "outbound": "'outbound' needs its table [[campaigns]]",
}


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_channel_that_is_handled_otherwise_than_calls_is_refused(folder, channel):
    assert CHANNELS[channel] in verdict(folder, plain(contact_types=service(channel=channel)))
    with_table = service(channel=channel, deferred={"backlog": 1})
    assert "unknown key 'deferred'" in verdict(folder, plain(contact_types=with_table))


def test_another_channel_runs_as_voice_and_says_so(folder):
    found = load(put(folder, "sms.toml", plain(contact_types=service(channel="sms"))))
    assert any("'sms' is run as voice" in line for line in found.warnings)
    assert load(put(folder, "voice.toml", plain())).warnings == ()


@pytest.mark.parametrize("given", [80, 20.5])
def test_a_share_in_per_cent_is_told_as_a_decimal(folder, given):
    target = {"answer_within_seconds": 20, "service_level": given}
    message = verdict(folder, plain(contact_types=service(target=target)))
    assert f"must be at most 1; {given} % is written {given / 100:g}" in message


def test_a_date_may_stand_in_quotes(folder):
    table = plain(clock={"opens": "08:00", "closes": "12:00", "days": 2, "first_day": "2026-03-02"})
    change = {"absent": {"group": "general", "count": 1, "day": "2026-03-03"}}
    found = load(put(folder, "quoted.toml", {**table, "changes": [change]}))
    assert found.groups[0].absent == (0, 1)


FILE_CONTENTS = {
    "an empty file": (b"", "is empty"),
    "blanks alone": (b" \n \n", "is empty"),
    "not UTF-8": (
        'name = "Zürich"\n'.encode("latin-1"),
        "line 1 is not UTF-8; save the file as UTF-8",
    ),
    "UTF-16": ('name = "x"\n'.encode("utf-16"), "is not UTF-8"),
    "no TOML": (b"name = \n", "is not valid TOML"),
    "a key twice": (b"name = 'a'\nname = 'b'\n", "is not valid TOML"),
    "a number of too many digits": (
        b"run = { seed = " + b"9" * 5000 + b" }\n",
        "is not valid TOML",
    ),
    "a hexadecimal of too many digits": (
        b"run = { seed = 0x" + b"f" * 5000 + b" }\n",
        "is missing",
    ),
    "deep lists": (b"name = " + b"[" * 5000 + b"]" * 5000, "nasty.toml"),
    "deep tables": (b".".join([b"a"] * 500) + b" = 1\n", "more than 30 deep"),
    "very deep tables": (b" . ".join([b"a"] * 50_000) + b" = 1\n", "more than 30 deep"),
    "a deep heading": (b"[" + b".".join([b'"a.b"', b"c"] * 25_000) + b"]\n", "more than 30 deep"),
    "one long word": (b"a" * 200_000 + b" = 1\n", "nasty.toml"),
    "a decimal with a comma": (
        b"clock = { }\n[[agent_groups]]\ncost_per_hour = 24,5\n",
        "a decimal is written with a point, such as 24.5",
    ),
    "a date day first": (
        b"[clock]\nfirst_day = 02.03.2026\n",
        "a date is written year first, such as 2026-03-02",
    ),
    "a share in per cent": (b"[run]\nconfidence = 80 %\n", "such as 0.8 for 80 %"),
    "a clock without quotes": (b"[clock]\nopens = 8:00\n", "a clock stands in quotes"),
    "a date that is none": (b"clock = { first_day = 2026-02-30 }\n", "is not valid TOML"),
}


@pytest.mark.parametrize("case", FILE_CONTENTS)
def test_a_file_that_is_no_scenario(folder, case):
    content, words = FILE_CONTENTS[case]
    path = put(folder, "nasty.toml", content)
    with pytest.raises(ScenarioError) as fault:
        load(path)
    check_message(str(fault.value), folder)
    assert words in str(fault.value)


def test_a_scenario_that_is_not_there_or_a_folder(folder):
    with pytest.raises(
        ScenarioError, match=r"scenari\.toml: no such file; did you mean 'scenario\.toml'"
    ):
        load(folder / "scenari.toml")
    with pytest.raises(ScenarioError, match="is a directory; a file is needed"):
        load(folder)
    with pytest.raises(
        ScenarioError, match=r"x/y\.toml: no such file \(the folder .*x does not exist"
    ):
        load(folder / "x" / "y.toml")
    with pytest.raises(ScenarioError, match=r"scenario\.toml/y\.toml: no such file"):
        load(folder / "scenario.toml" / "y.toml")


@pytest.mark.parametrize("mark", ["\ufeff", "crlf", "comment"])
def test_how_a_file_was_saved_does_not_matter(folder, mark):
    text = document(everything())
    text = text.replace("\n", "\r\n") if mark == "crlf" else text
    text = "# comment\n" + text if mark == "comment" else text
    text = mark + text if mark == "\ufeff" else text
    assert load(put(folder, "saved.toml", text)).name == "Everything"


def test_the_number_of_further_faults_is_told(folder):
    table = plain(run={"seed": -1, "replications": 0, "confidence": 2})
    assert re.search(
        r"run\.replications: got 0; must be at least 1 \(and 2 more\)$", verdict(folder, table)
    )


def test_the_collector_runs_again_after_a_refusal(folder):
    assert gc.isenabled()
    assert verdict(folder, plain(agent_groups=group(staffing=None, roster="none.csv")))
    assert gc.isenabled()


def test_large_but_allowed_scenarios_load_within_seconds(folder):
    table = plain(
        clock={"opens": "00:00", "closes": "24:00", "days": 3660},
        agent_groups=group(staffing=500),
        changes=[
            {
                "insert": {
                    "activity": "x",
                    "group": "general",
                    "count": 1,
                    "start": "09:00",
                    "end": "10:00",
                }
            }
        ],
    )
    start = time.process_time()
    assert verdict(folder, table) is None
    assert time.process_time() - start < 10


def test_the_files_of_everything_are_all_in_use():
    text = document(everything())
    assert all(name in text for name in FILES)
