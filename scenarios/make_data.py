"""Make the CSV files of the shipped scenarios: ``python scenarios/make_data.py``.

All of it is made up: no real centre, customer or agent stands behind any row. The files are
the same, byte for byte, whenever and wherever this is run.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
from collections.abc import Iterable, Sequence
from pathlib import Path

ROSTER = ("agent", "group", "day", "activity", "start", "end")

Row = tuple[object, ...]


def clock(minutes: int) -> str:
    """Return HH:MM for minutes since midnight; 25:30 is half past one after midnight."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def minutes(text: str) -> int:
    """Return the minutes since midnight of HH:MM."""
    hours, rest = text.split(":")
    return int(hours) * 60 + int(rest)


def table(columns: Sequence[str], rows: Iterable[Row]) -> str:
    """Return CSV text."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


def shift(agent: str, group: str, day: object, *spans: str) -> list[Row]:
    """Return the roster rows of one shift; a span is "work 08:00-16:30"."""
    rows: list[Row] = []
    for span in spans:
        activity, hours = span.rsplit(" ", 1)
        rows.append((agent, group, day, activity, *hours.split("-")))
    return rows


def lasting(activity: str, start: int, length: int) -> str:
    """Return a span of so many minutes."""
    return f"{activity} {clock(start)}-{clock(start + length)}"


# --- retail-bank ------------------------------------------------------------------------------

BANK_SERVICE = (
    *(38, 48, 62, 72, 84, 87, 79, 72, 66, 63, 60, 64),
    *(72, 82, 84, 77, 69, 60, 50, 44, 38, 32, 25, 18),
)
BANK_SALES = (
    *(6, 9, 13, 17, 22, 23, 21, 20, 17, 16, 17, 17),
    *(20, 22, 23, 22, 20, 18, 15, 12, 10, 8, 6, 4),
)

# agent, group, start, end, first break, lunch, second break; part-timers have one break
BANK_AGENTS = (
    ("Anna Keller", "general", "08:00", "16:30", "10:15", "11:30", "13:30"),
    ("Wang Fang", "general", "08:00", "16:30", "09:30", "12:00", "13:45"),
    ("Sun Qian", "sales", "08:00", "16:30", "09:30", "12:00", "13:45"),
    ("James Carter", "general", "08:00", "16:30", "09:45", "12:00", "15:15"),
    ("Guo Ping", "senior", "08:00", "16:30", "10:30", "12:00", "14:15"),
    ("Li Na", "general", "08:00", "16:30", "10:00", "12:30", "14:15"),
    ("Maria Santos", "general", "08:00", "16:30", "09:15", "12:30", "15:15"),
    ("Michael Brown", "sales", "08:00", "16:30", "09:15", "12:30", "15:00"),
    ("Zhang Wei", "general", "08:00", "16:30", "11:30", "13:00", "15:00"),
    ("Robert Klein", "senior", "08:30", "17:00", "11:15", "12:30", "15:30"),
    ("Thomas Meyer", "general", "08:30", "17:00", "11:00", "12:30", "14:45"),
    ("Ma Chao", "sales", "08:30", "17:00", "11:30", "13:00", "15:45"),
    ("Chen Jing", "general", "08:30", "17:00", "12:00", "13:30", "15:30"),
    ("He Juan", "senior", "09:00", "17:30", "10:45", "12:30", "15:45"),
    ("Emily Clark", "general", "09:00", "17:30", "11:00", "12:30", "14:45"),
    ("Liu Yang", "general", "09:30", "18:00", "11:15", "12:30", "15:45"),
    ("Julia Fischer", "sales", "09:30", "18:00", "11:00", "12:00", "16:00"),
    ("Helen Wright", "senior", "09:30", "18:00", "11:15", "12:30", "16:15"),
    ("Pierre Dubois", "general", "09:30", "18:00", "11:30", "13:00", "16:00"),
    ("Zhu Yan", "sales", "10:00", "18:30", "11:15", "12:30", "16:00"),
    ("Zhao Min", "general", "10:30", "19:00", "12:30", "15:30", "17:30"),
    ("Gao Feng", "senior", "10:30", "19:00", "12:45", "16:00", "17:45"),
    ("Olga Novak", "general", "11:30", "20:00", "12:45", "16:00", "17:45"),
    ("Peter Hansen", "sales", "11:30", "20:00", "13:15", "16:30", "18:00"),
    ("Huang Lei", "general", "08:00", "12:00", "09:45"),
    ("David Evans", "general", "08:00", "13:00", "10:45"),
    ("Lin Yue", "senior", "08:00", "13:00", "11:00"),
    ("Zhou Xia", "general", "08:30", "13:30", "11:30"),
    ("Hu Bin", "sales", "10:00", "15:00", "11:45"),
    ("Laura Rossi", "general", "10:00", "15:00", "12:30"),
    ("Wu Hao", "general", "14:30", "19:30", "17:00"),
    ("Nina Lopez", "sales", "14:30", "19:30", "16:15"),
    ("Sarah Becker", "general", "15:00", "20:00", "16:45"),
    ("Xu Lan", "general", "15:00", "20:00", "16:45"),
    ("Martin Weber", "senior", "15:00", "20:00", "16:45"),
    ("Ivan Petrov", "general", "16:00", "20:00", "17:45"),
    ("Tang Rui", "general", "16:00", "20:00", "18:15"),
)
BANK_SPLIT = (("Grace Miller", "general"), ("Luo Dan", "senior"))
BANK_MEETING = ("Anna Keller", "Wang Fang", "James Carter", "Guo Ping")
BANK_TRAINING = ("Thomas Meyer", "Emily Clark", "Wu Hao")


def bank_profile() -> str:
    """Return the expected contacts of a Monday, per half hour."""
    starts = range(minutes("08:00"), minutes("20:00"), 30)
    volumes = zip(BANK_SERVICE, BANK_SALES, strict=True)
    return table(
        ("start", "service", "sales"),
        ((clock(start), *both) for start, both in zip(starts, volumes, strict=True)),
    )


def bank_roster() -> str:
    """Return the roster: eight hours and a lunch, or five hours, or a split shift."""
    rows: list[Row] = []
    for agent, group, start, end, first, *rest in BANK_AGENTS:
        spans = [f"work {start}-{end}", lasting("break", minutes(first), 15)]
        if rest:
            lunch, second = rest
            length = 45 if group == "senior" else 30
            spans.append(lasting("lunch", minutes(lunch), length))
            spans.append(lasting("break", minutes(second), 15))
        if agent in BANK_MEETING:
            spans.append("meeting 08:30-09:00")
        if agent in BANK_TRAINING:
            spans.append("training 15:30-16:30")
        rows += shift(agent, group, 1, *spans)
    for agent, group in BANK_SPLIT:
        spans = ["work 08:30-12:30", "break 10:30-10:45", "work 15:30-19:30", "break 17:15-17:30"]
        rows += shift(agent, group, 1, *spans)
    return table(ROSTER, rows)


# --- clinic -----------------------------------------------------------------------------------

# agent, level, handle factor, cost per hour, start, end, breaks and lunch
CLINIC_AGENTS = (
    ("Ruth Adler", 1, 0.9, 26, "08:00-16:00", "09:45", "12:00", "14:15"),
    ("Zheng Yi", 1, 1.0, 24, "08:30-16:30", "10:15", "12:30", "14:45"),
    ("Carla Mendes", 1, 1.0, 24, "08:00-16:00", "10:45", "13:00", "15:00"),
    ("Song Mei", 1, 1.15, 22, "09:00-17:00", "11:00", "13:30", "15:30"),
    ("Paul Nowak", 2, 1.1, 30, "08:00-13:00", "11:30"),
    ("Feng Li", 2, 1.1, 30, "12:00-17:00", "14:00"),
)


def clinic_agents() -> str:
    """Return skills and speeds, agent by agent."""
    columns = ("agent", "group", "patients level", "handle_factor", "cost_per_hour")
    rows = ((agent, "desk", *rest[:3]) for agent, *rest in CLINIC_AGENTS)
    return table(columns, rows)


def clinic_roster() -> str:
    """Return one day of six agents."""
    rows: list[Row] = []
    for agent, _, _, _, hours, first, *rest in CLINIC_AGENTS:
        spans = [f"work {hours}", lasting("break", minutes(first), 15)]
        if rest:
            lunch, second = rest
            spans += [
                lasting("lunch", minutes(lunch), 30),
                lasting("break", minutes(second), 15),
            ]
        rows += shift(agent, "desk", 1, *spans)
    return table(ROSTER, rows)


# --- emergency-line ---------------------------------------------------------------------------

LINE_EMERGENCY = (
    *(14, 12, 11, 9, 7, 6, 6, 8, 10, 11, 12, 13, 13, 12, 12, 13, 14, 16, 17, 18),
    *(18, 19, 20, 18),
)
LINE_ADVICE = (
    *(12, 9, 7, 5, 4, 5, 9, 16, 26, 32, 34, 32, 28, 26, 26, 27, 29, 33, 36, 36, 33, 27),
    *(21, 16),
)
# how busy an hour of that day is beside an ordinary one: (before 18:00, from 18:00 on)
LINE_DAYS = {"fri": (0.8, 1.2), "sat": (1.15, 1.25), "sun": (1.1, 0.85)}

# each agent keeps to one shift all weekend; breaks are staggered
LINE_SHIFTS = {
    "early": ("06:00", ("08:15", "10:00", "12:15")),
    "late": ("14:00", ("16:00", "18:15", "20:15")),
    "night": ("22:00", ("00:15", "02:30", "04:15")),
}
LINE_AGENTS = (
    ("Ines Vogel", "dispatchers", "early"),
    ("Shen Tao", "dispatchers", "early"),
    ("Mark Olsen", "dispatchers", "early"),
    ("Yu Qing", "dispatchers", "early"),
    ("Ivo Hruska", "dispatchers", "early"),
    ("Paula Reyes", "dispatchers", "late"),
    ("Han Xue", "dispatchers", "late"),
    ("Simon Hall", "dispatchers", "late"),
    ("Cao Jun", "dispatchers", "late"),
    ("Greta Lind", "dispatchers", "late"),
    ("Bai Yun", "dispatchers", "late"),
    ("Deng Hua", "dispatchers", "night"),
    ("Lena Frost", "dispatchers", "night"),
    ("Ali Demir", "dispatchers", "night"),
    ("Xie Ning", "dispatchers", "night"),
    ("Tom Walsh", "dispatchers", "night"),
    ("Peng Bo", "advisers", "early"),
    ("Rosa Conti", "advisers", "early"),
    ("Lu Ting", "advisers", "early"),
    ("Oscar Lund", "advisers", "early"),
    ("Erik Dahl", "advisers", "late"),
    ("Mia Schmidt", "advisers", "late"),
    ("Kong Fei", "advisers", "late"),
    ("Jiang Wen", "advisers", "late"),
    ("Nadia Haddad", "advisers", "late"),
    ("Cai Shu", "advisers", "night"),
    ("Victor Nagy", "advisers", "night"),
)


def line_profile() -> str:
    """Return the expected contacts per weekday and hour."""
    rows: list[Row] = []
    for day, (before, after) in LINE_DAYS.items():
        for hour, volumes in enumerate(zip(LINE_EMERGENCY, LINE_ADVICE, strict=True)):
            factor = before if hour < 18 else after
            rows.append((day, clock(60 * hour), *(f"{volume * factor:.1f}" for volume in volumes)))
    return table(("day", "start", "emergency", "advice"), rows)


def line_roster() -> str:
    """Return three days of three shifts; a shift overlaps the next by a quarter of an hour."""
    rows: list[Row] = []
    for place, (agent, group, kind) in enumerate(LINE_AGENTS):
        start, breaks = LINE_SHIFTS[kind]
        begin = minutes(start)
        end = clock((begin + 495) % 1440)  # an end before the start is after midnight
        for day in range(0 if kind == "night" else 1, 4):
            spans = [f"work {start}-{end}"]
            for rest in breaks:
                spans.append(lasting("break", minutes(rest) + 15 * (place % 5), 15))
            rows += shift(agent, group, day, *spans)
    return table(ROSTER, rows)


def line_talk_times() -> str:
    """Return talk times in seconds: short calls ("all is well"), and long ones with guidance."""
    times = []
    for number in range(1, 121):
        level = -math.log(1 - (number - 0.5) / 120)
        times.append(round(35 + 95 * level) if number % 3 else round(120 + 180 * level))
    return table(("talk_s",), ((seconds,) for seconds in sorted(times)))


# --- four-weeks -------------------------------------------------------------------------------

WEEKS_FIRST = dt.date(2026, 3, 2)
WEEKS_DAYS = {"mon": 1.2, "tue": 1.0, "wed": 0.95, "thu": 1.0, "fri": 1.05, "sat": 0.8}
WEEKS_ORDERS = (40, 48, 50, 48, 46, 48, 52, 52, 52, 50, 44, 34)
WEEKS_RETURNS = (12, 15, 16, 15, 13, 14, 15, 14, 10)
WEEKS_AGENTS = (
    "Bruno Silva",
    "Fan Jie",
    "Clara Hughes",
    "Qin Yu",
    "Daniel Moreau",
    "Ren Xin",
    "Elsa Berg",
    "Du Yan",
    "Felix Braun",
    "Su Rong",
    "Hana Kovacs",
    "Pan Lin",
    "Leo Marino",
    "Dai Ying",
    "Nora Fink",
    "Yao Lei",
)
WEEKS_LEAVE = {"Ren Xin": 2, "Felix Braun": 3, "Dai Ying": 3}  # week of holidays, from 1
WEEKS_PART_TIMERS = (0, 1, 2, 2, 1, 1, 1, 1, 2, 3, 3, 2)


def weeks_profile() -> str:
    """Return the expected contacts and the handle time of orders, per weekday and hour."""
    rows: list[Row] = []
    for day, factor in WEEKS_DAYS.items():
        for place in range(6 if day == "sat" else 12):
            orders = f"{WEEKS_ORDERS[place] * factor:.1f}"
            open_ = place < len(WEEKS_RETURNS) and day != "sat"
            returns = f"{WEEKS_RETURNS[place] * factor:.1f}" if open_ else 0
            rows.append((day, clock(540 + 60 * place), orders, 240 if place < 9 else 270, returns))
    return table(("day", "start", "orders", "orders aht", "returns"), rows)


def weeks_part_timers() -> str:
    """Return how many part-timers are planned, per weekday and hour."""
    rows: list[Row] = []
    for day in WEEKS_DAYS:
        for place in range(6 if day == "sat" else 12):
            more = 2 if day in {"mon", "sat"} else 0
            rows.append((day, clock(540 + 60 * place), WEEKS_PART_TIMERS[place] + more))
    return table(("day", "start", "part-timers"), rows)


def weeks_roster() -> str:
    """Return four weeks: even agents start early in odd weeks, odd agents in even weeks."""
    rows: list[Row] = []
    for place, agent in enumerate(WEEKS_AGENTS):
        for week in range(4):
            for weekday in range(6):
                date = WEEKS_FIRST + dt.timedelta(days=7 * week + weekday)
                rows += weeks_shift(agent, place, week, weekday, date)
    return table(ROSTER, rows)


def weeks_shift(agent: str, place: int, week: int, weekday: int, date: dt.date) -> list[Row]:
    """Return one agent's day: early, late, Saturday, leave, or nothing."""
    works_saturday = (place + 2 * week) % 4 == 0
    if weekday == 5:
        if not works_saturday or WEEKS_LEAVE.get(agent) == week + 1:
            return []
        return shift(
            agent, "team", date, "work 09:00-15:00", lasting("break", 690 + 15 * (place % 3), 15)
        )
    if WEEKS_LEAVE.get(agent) == week + 1:
        return shift(agent, "team", date, "leave 09:00-15:30")
    if works_saturday and weekday == 2:  # Wednesday off for the Saturday
        return []
    begin = minutes("09:00") if (place + week) % 2 == 0 else minutes("14:30")
    step = 15 * (place // 2 % 5)
    spans = [
        lasting("work", begin, 390),
        lasting("break", begin + 60 + step, 15),
        lasting("lunch", begin + 150 + step, 30),
        lasting("break", begin + 270 + step, 15),
    ]
    if weekday == 3:  # the only hour in which both shifts are in
        spans.append("team meeting 14:45-15:15")
    return shift(agent, "team", date, *spans)


# --- erlang-roster ----------------------------------------------------------------------------

UTILITY_CALLS = (
    *(55, 78, 104, 126, 140, 138, 129, 120, 112, 108, 104, 106),
    *(112, 118, 116, 108, 98, 90, 82, 70, 58, 46, 36, 28),
)
UTILITY_AHT, UTILITY_WITHIN, UTILITY_LEVEL = 270.0, 20.0, 0.80
UTILITY_SHRINKAGE = 0.30
UTILITY_LONG, UTILITY_SHORT = 17, 9  # half hours of a full shift and of a short one
UTILITY_NAMES = (
    *("Adam", "Bea", "Chao", "Dora", "Emil", "Fang", "Gina", "Hugo", "Ida", "Jun"),
    *("Kira", "Lars", "Mei", "Nils", "Olga", "Pia"),
)
UTILITY_SURNAMES = ("Arendt", "Bo", "Castro", "Deng", "Ekman", "Fu", "Grau", "He")


def erlang_c_level(load: float, agents: int, aht: float, within: float) -> float:
    """Return the share answered within so many seconds by Erlang C."""
    if agents <= load:
        return 0.0
    blocked = 1.0
    for number in range(1, agents + 1):
        blocked = load * blocked / (number + load * blocked)
    waits = blocked / (1.0 - load / agents * (1.0 - blocked))
    return 1.0 - waits * math.exp(-(agents - load) * within / aht)


def utility_net(calls: float) -> int:
    """Return the fewest agents that promise 80/20 for the calls of a half hour."""
    load = calls * UTILITY_AHT / 1800.0
    agents = math.ceil(load)
    while erlang_c_level(load, agents, UTILITY_AHT, UTILITY_WITHIN) < UTILITY_LEVEL:
        agents += 1
    return agents


def utility_gross() -> list[int]:
    """Return the people to roster in each half hour: net / (1 - shrinkage), rounded up."""
    return [math.ceil(utility_net(calls) / (1.0 - UTILITY_SHRINKAGE)) for calls in UTILITY_CALLS]


def utility_shifts() -> list[tuple[int, int]]:
    """Return (first half hour, length) of shifts that have everybody required in at all times.

    From the morning on, whoever is missing is given a full shift where that many are still
    needed in its second half, a short one otherwise, of three hours at least.
    """
    need = utility_gross()
    there = [0] * len(need)
    shifts = []
    for place in range(len(need)):
        while there[place] < need[place]:
            later = place + UTILITY_SHORT + 2
            fits = place + UTILITY_LONG <= len(need) and there[later] < need[later]
            length = UTILITY_LONG if fits else min(UTILITY_SHORT, max(len(need) - place, 6))
            start = min(place, len(need) - length)
            shifts.append((start, length))
            for covered in range(start, start + length):
                there[covered] += 1
    return sorted(shifts)


def utility_roster() -> str:
    """Return the roster: breaks and lunch where a shift has its quarters and its middle."""
    rows: list[Row] = []
    for place, (first, length) in enumerate(utility_shifts()):
        agent = f"{UTILITY_NAMES[place % 16]} {UTILITY_SURNAMES[place // 16]}"
        begin = minutes("08:00") + 30 * first
        spans = [lasting("work", begin, 30 * length)]
        if length == UTILITY_LONG:
            late = place % 3
            spans.append(lasting("break", begin + 105 + 15 * late, 15))
            spans.append(lasting("lunch", begin + 225 + 30 * late, 30))
            spans.append(lasting("break", begin + 375 + 15 * late, 15))
            if place % 2:
                spans.append(lasting("training", begin + 315, 60))
        else:
            spans.append(lasting("break", begin + 120, 15))
        rows += shift(agent, "team", 1, *spans)
    return table(ROSTER, rows)


def utility_requirement() -> str:
    """Return calls, net and gross agents per half hour, as a planner's sheet has them."""
    starts = range(minutes("08:00"), minutes("20:00"), 30)
    rows = zip(starts, UTILITY_CALLS, utility_gross(), strict=True)
    return table(
        ("start", "calls", "net", "gross"),
        ((clock(start), calls, utility_net(calls), gross) for start, calls, gross in rows),
    )


def files() -> dict[str, str]:
    """Return the text of every file, by its path inside this folder."""
    return {
        "retail-bank/monday.csv": bank_profile(),
        "retail-bank/roster.csv": bank_roster(),
        "clinic/agents.csv": clinic_agents(),
        "clinic/roster.csv": clinic_roster(),
        "emergency-line/weekend.csv": line_profile(),
        "emergency-line/roster.csv": line_roster(),
        "emergency-line/talk.csv": line_talk_times(),
        "four-weeks/week.csv": weeks_profile(),
        "four-weeks/part-timers.csv": weeks_part_timers(),
        "four-weeks/roster.csv": weeks_roster(),
        "erlang-roster/requirement.csv": utility_requirement(),
        "erlang-roster/roster.csv": utility_roster(),
    }


def main() -> None:
    """Write all files beside this script."""
    for name, text in files().items():
        (Path(__file__).parent / name).write_bytes(text.encode())


if __name__ == "__main__":
    main()
