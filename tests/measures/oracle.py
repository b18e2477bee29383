"""The measures once more, row by row in plain Python, sharing no code with the package."""

from __future__ import annotations

import math
from dataclasses import dataclass

FLOOR = ("ring", "talk", "hold", "wrap", "available")
BUSY = FLOOR[:4]


@dataclass
class Case:
    """Rows as written in `tables`, and what the setting says."""

    contacts: list
    activities: list
    plan: list
    within: tuple
    short: float
    booking: str
    unpaid: tuple
    opening: list
    warm: float
    group_of: tuple
    cost: tuple
    variants: dict


def known(number):
    return not math.isnan(number)


def overlap(start, end, periods):
    return sum(max(0.0, min(end, high) - max(start, low)) for low, high in periods)


def instant(row, booking):
    queued = row["outcome"] in (0, 1, 2, 7) or (
        row["outcome"] == 3 and (known(row["queue_entry"]) or known(row["wait_s"]))
    )
    ivr = row["ivr_s"] if known(row["ivr_s"]) else 0.0
    entry = row["queue_entry"] if known(row["queue_entry"]) else row["arrival"] + ivr
    if booking == "arrival":
        return entry if queued else row["arrival"]
    for name in ("wrap_end", "release", "answer"):
        if known(row[name]):
            return row[name]
    return entry + (row["wait_s"] if known(row["wait_s"]) else 0.0)


def share(above, below):
    return above / below if below > 0 else None


def mean(values):
    return sum(values) / len(values) if values else None


def quantile(values, percent):
    values = sorted(values)
    for number, value in enumerate(values, start=1):
        if 100 * number >= percent * len(values):
            return value
    return None


def of_contacts(case, low, high, averaged, kind=None):
    """Measures of contacts booked in [low, high); time averages over the periods averaged."""
    chosen = [
        row
        for row in case.contacts
        if row["arrival"] >= case.warm
        and low <= instant(row, case.booking) < high
        and kind in (None, row["contact_type"])
    ]
    opened = [
        row for row in chosen if any(a <= instant(row, case.booking) < b for a, b in averaged)
    ]
    found = counts(case, chosen)
    answered = [row for row in chosen if row["outcome"] == 0]
    waits = [row["wait_s"] for row in answered]
    for percent in (50, 90, 99):
        found[f"wait_p{percent}"] = quantile(waits, percent)
    found["wait_max"] = max(waits, default=None)
    found["asa"] = mean(waits)
    found["mean_wait_abandoned"] = mean([r["wait_s"] for r in chosen if r["outcome"] == 1])
    for name in ("talk", "hold", "wrap"):
        found[f"mean_{name}"] = mean([row[f"{name}_s"] for row in answered])
    found["aht"] = mean([row["talk_s"] + row["hold_s"] + row["wrap_s"] for row in answered])
    periods = [(max(a, case.warm), b) for a, b in averaged]
    seconds = sum(max(b - a, 0.0) for a, b in periods)
    taken = [r for r in opened if r["outcome"] == 0]
    handle = sum(r["talk_s"] + r["hold_s"] + r["wrap_s"] for r in taken)
    offered = counts(case, opened)["offered"]
    found["carried_load"] = share(handle, seconds)
    found["offered_load"] = found["lost_load"] = None
    if seconds > 0 and (taken or not offered):
        load = offered * handle / len(taken) / seconds if taken else 0.0
        found["offered_load"], found["lost_load"] = load, load - handle / seconds
    queue = [
        (r["queue_entry"], r["queue_entry"] + r["wait_s"])
        for r in case.contacts
        if known(r["wait_s"]) and r["wait_s"] > 0 and kind in (None, r["contact_type"])
    ]
    found["queue_length_mean"] = share(sum(overlap(a, b, periods) for a, b in queue), seconds)
    looks = [max(low, case.warm)] + [a for a, _ in queue if max(low, case.warm) <= a < high]
    found["queue_length_max"] = max(sum(a <= t < b for a, b in queue) for t in looks)
    return found


def counts(case, rows):
    def number(*outcomes):
        return sum(row["outcome"] in outcomes for row in rows)

    queued = sum(r["outcome"] == 3 and known(r["wait_s"]) for r in rows)
    lost = [r for r in rows if r["outcome"] == 1]
    short = sum(r["wait_s"] < case.short for r in lost)
    quick = sum(r["wait_s"] <= case.within[r["contact_type"]] for r in lost)
    within = sum(r["outcome"] == 0 and r["wait_s"] <= case.within[r["contact_type"]] for r in rows)
    offered, answered = number(0, 1, 2, 7) + queued, number(0)
    waits = [r["wait_s"] for r in rows if known(r["wait_s"])]
    level = {
        "offered": (within, offered),
        "answered": (within, answered),
        "with_abandons": (within + quick, offered),
        "net_of_quick_abandons": (within, offered - quick),
        "net_of_short": (within, offered - short),
    }[case.variants["service_level"]]
    abandonment = {
        "offered": (len(lost), offered),
        "short_excluded": (len(lost) - short, offered),
        "net_of_short": (len(lost) - short, offered - short),
    }[case.variants["abandonment_rate"]]
    base = offered - short if case.variants["answer_rate"] == "net_of_short" else offered
    return {
        "arrived": len(rows),
        "blocked": number(6),
        "self_served": number(4),
        "ivr_abandoned": number(5),
        "offered": offered,
        "answered": answered,
        "abandoned": len(lost),
        "short_abandoned": short,
        "overflowed": number(2),
        "dropped": number(3),
        "redialled": sum(r["attempt"] > 1 for r in rows),
        "answer_rate": share(answered, base),
        "abandonment_rate": share(*abandonment),
        "service_level": share(*level),
        "queue_loss_rate": share(len(lost) + number(2) + queued, offered),
        "blocking_rate": share(number(6), len(rows)),
        "mean_wait": mean(waits),
    }


def of_agents(case, low, high, averaged, agents):
    """Measures of some agents' time in [low, high); time averages over the periods averaged."""
    period = [(max(low, case.warm), high)]
    opened = [(max(a, case.warm), b) for a, b in averaged]
    seconds = sum(max(b - a, 0.0) for a, b in opened)
    done = [row for row in case.activities if row[0] in agents and row[1] != "off"]
    plan = [row for row in case.plan if row[0] in agents]

    def time(rows, states, where=period):
        return sum(overlap(r[2], r[3], where) for r in rows if r[1] in states)

    busy, floor = time(done, BUSY), time(done, FLOOR)
    signed = {r[1] for r in done} - {"absent", "late", "leave"}
    activities = {r[1] for r in plan}
    paid_rows = [r for r in plan if r[1] not in case.unpaid]
    paid = sum(overlap(r[2], r[3], period) for r in paid_rows)
    adherent = 0.0
    for agent, activity, start, end in plan:
        match = FLOOR if activity == "work" else (activity,)
        for other in done:
            if other[0] == agent and other[1] in match:
                both = [(max(start, other[2]), min(end, other[3]))]
                if both[0][1] > both[0][0]:
                    adherent += overlap(*both[0], period)
    found = {
        "rostered": share(time(plan, ("work",), opened), seconds),
        "staffed": share(time(done, signed, opened), seconds),
        "on_floor": share(time(done, FLOOR, opened), seconds),
        "occupancy": share(busy, floor),
        "utilisation": share(floor, paid),
        "shrinkage": share(paid - floor, paid),
        "shrinkage_break": share(time(done, ("break",)), paid),
        "shrinkage_other": share(time(done, ("huddle",)), paid),
        "adherence": share(adherent, time(plan, activities)),
        "conformance": share(floor, time(plan, ("work",))),
        "cost": sum(overlap(r[2], r[3], period) / 3600 * case.cost[r[0]] for r in paid_rows),
    }
    return found
