"""The measures once more, row by row in plain Python, sharing no code with the package."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

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
    ivr = row["ivr_s"] if known(row["ivr_s"]) else 0.0
    entry = row["queue_entry"] if known(row["queue_entry"]) else row["arrival"] + ivr
    if booking == "arrival":
        return entry if queued(row) else row["arrival"]
    for name in ("wrap_end", "release", "answer"):
        if known(row[name]):
            return row[name]
    return entry + (row["wait_s"] if known(row["wait_s"]) else 0.0)


def share(above, below):
    return above / below if below > 0 else None


def mean(values):
    """Return the sum of what is known, and how many that are."""
    values = [value for value in values if known(value)]
    return sum(values), len(values)


def told(found):
    """Return what is to be told of one replication: ratios of the pairs."""
    pairs = {key: value for key, value in found.items() if key != "loads"}
    return {key: share(*v) if isinstance(v, tuple) else v for key, v in pairs.items()}


def quantile(values, percent):
    values = sorted(values)
    for number, value in enumerate(values, start=1):
        if 100 * number >= percent * len(values):
            return value
    return None


def measured(case, kind):
    return [
        row
        for row in case.contacts
        if row["arrival"] >= case.warm and kind in (None, row["contact_type"])
    ]


def queued(row):
    return row["outcome"] in (0, 1, 2, 7) or (
        row["outcome"] == 3 and (known(row["queue_entry"]) or known(row["wait_s"]))
    )


def blind(rows):
    """Say whether contacts queued of which no wait is known; who still waits tells his own."""
    rows = [row for row in rows if queued(row)]
    return any(r["outcome"] != 7 for r in rows) and not any(known(r["wait_s"]) for r in rows)


def handling(rows):
    """Return the handling time that is known of each contact that has any."""
    parts = [[row[f"{name}_s"] for name in ("talk", "hold", "wrap")] for row in rows]
    return [sum(filter(known, three)) for three in parts if any(map(known, three))]


def of_contacts(case, low, high, averaged, kind=None):
    """Contacts booked in [low, high); time averages over the periods averaged.

    Rates, means, counts and time averages are pairs (above, below); quantiles, the longest
    wait and loads are told as they are; ``loads`` holds what those are made of.
    """
    every = measured(case, kind)
    chosen = [row for row in every if low <= instant(row, case.booking) < high]
    opened = [
        row for row in chosen if any(a <= instant(row, case.booking) < b for a, b in averaged)
    ]
    found = counts(case, chosen)
    answered = [row for row in chosen if row["outcome"] == 0]
    waits = [row["wait_s"] for row in answered if known(row["wait_s"])]
    for percent in (50, 90, 99):
        found[f"wait_p{percent}"] = quantile(waits, percent)
    found["wait_max"] = max(waits, default=None)
    found["asa"] = mean(waits)
    found["mean_wait_abandoned"] = mean([r["wait_s"] for r in chosen if r["outcome"] == 1])
    for name in ("talk", "hold", "wrap"):
        found[f"mean_{name}"] = mean([row[f"{name}_s"] for row in answered])
    found["aht"] = mean(handling(answered))
    periods = [(max(a, case.warm), b) for a, b in averaged]
    seconds = sum(max(b - a, 0.0) for a, b in periods)
    taken = [r for r in opened if r["outcome"] == 0]
    handle, handled = mean(handling(taken))
    offered = counts(case, opened)["offered"][0]
    found["carried_load"] = (handle, 0 if taken and not handled else seconds)
    found["loads"] = (offered, handle, handled, seconds)
    found["offered_load"], found["lost_load"] = loads([found["loads"]])
    queue = [
        (r["queue_entry"], r["queue_entry"] + (r["wait_s"] if known(r["wait_s"]) else math.inf))
        for r in case.contacts
        if (r["wait_s"] > 0 or (r["outcome"] == 7 and not known(r["wait_s"])))
        and kind in (None, r["contact_type"])
    ]
    unseen = blind(chosen) or blind(every)
    waited = sum(overlap(a, b, periods) for a, b in queue)
    found["queue_length_mean"] = (waited, 0 if unseen else seconds)
    looks = [max(low, case.warm)] + [a for a, _ in queue if max(low, case.warm) <= a < high]
    most = max(sum(a <= t < b for a, b in queue) for t in looks)
    found["queue_length_max"] = (most, 0 if unseen else 1)
    return found


def loads(parts):
    """Return offered and lost load of replications' (offered, handle, handled, seconds)."""
    offered, handle, handled, seconds = (sum(column) for column in zip(*parts, strict=True))
    if not seconds or (offered and not handled):
        return None, None
    load = offered * handle / handled / seconds if handled else 0.0
    return load, load - handle / seconds


def counts(case, rows):
    def number(*outcomes):
        return sum(row["outcome"] in outcomes for row in rows)

    def within(*outcomes):
        chosen = [row for row in rows if row["outcome"] in outcomes]
        return sum(row["wait_s"] <= case.within[row["contact_type"]] for row in chosen)

    inside = [row for row in rows if queued(row)]
    lost = [r for r in rows if r["outcome"] == 1]
    short = sum(r["wait_s"] < case.short for r in lost)
    quick, served = within(1), within(0)
    offered, answered = len(inside), number(0)
    timed = sum(known(row["wait_s"]) for row in inside)
    unseen = blind(rows) or (lost and not any(known(r["wait_s"]) for r in lost))
    base = 0 if unseen else offered
    level = {
        "offered": (served, timed),
        "answered": (served, sum(known(r["wait_s"]) for r in rows if r["outcome"] == 0)),
        "with_abandons": (served + quick, timed),
        "net_of_quick_abandons": (served, timed - quick),
        "net_of_short": (served, timed - short),
    }[case.variants["service_level"]]
    abandonment = {
        "offered": (len(lost), offered),
        "short_excluded": (len(lost) - short, base),
        "net_of_short": (len(lost) - short, base - short),
    }[case.variants["abandonment_rate"]]
    net = case.variants["answer_rate"] == "net_of_short"
    dropped = sum(row["outcome"] == 3 for row in inside)
    return {
        "arrived": (len(rows), 1),
        "blocked": (number(6), 1),
        "self_served": (number(4), 1),
        "ivr_abandoned": (number(5), 1),
        "offered": (offered, 1),
        "answered": (answered, 1),
        "abandoned": (len(lost), 1),
        "short_abandoned": (short, 0 if unseen else 1),
        "overflowed": (number(2), 1),
        "dropped": (number(3), 1),
        "redialled": (sum(r["attempt"] > 1 for r in rows), 1),
        "answer_rate": (answered, base - short if net else offered),
        "abandonment_rate": abandonment,
        "service_level": level,
        "queue_loss_rate": (len(lost) + number(2) + dropped, offered),
        "blocking_rate": (number(6), len(rows)),
        "mean_wait": mean([r["wait_s"] for r in inside]),
    }


def of_agents(case, low, high, averaged, agents):
    """Some agents' time in [low, high), as pairs; time averages over the periods averaged."""
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
    return {
        "rostered": (time(plan, ("work",), opened), seconds),
        "staffed": (time(done, signed, opened), seconds),
        "on_floor": (time(done, FLOOR, opened), seconds),
        "occupancy": (busy, floor),
        "utilisation": (floor, paid),
        "shrinkage": (paid - floor, paid),
        "shrinkage_break": (time(done, ("break",)), paid),
        "shrinkage_other": (time(done, ("huddle",)), paid),
        "adherence": (adherent, time(plan, activities)),
        "conformance": (floor, time(plan, ("work",))),
        "cost": (sum(overlap(r[2], r[3], period) / 3600 * case.cost[r[0]] for r in paid_rows), 1),
    }


def standard_errors(several):
    """Return (value, standard error) over replications, by the delta method; None: no data.

    ``several`` are the findings of `of_contacts` or `of_agents`, one per replication. The
    error is None where fewer than two replications had data.
    """
    result = {}
    count = len(several)
    for key, first in several[0].items():
        if key == "loads" or not isinstance(first, tuple):
            continue
        n, d = np.array([found[key] for found in several], dtype=float).T
        if not d.sum() > 0:
            result[key] = None
            continue
        ratio = n.sum() / d.sum()
        error = np.sqrt(((n - ratio * d) ** 2).sum() / (count - 1) / count) / d.mean()
        result[key] = ratio, error if (d > 0).sum() >= 2 else None
    if "loads" in several[0]:
        parts = np.array([found["loads"] for found in several], dtype=float)
        o, h, a, seconds = parts.mean(axis=0)
        for key, value, carried in zip(
            ("offered_load", "lost_load"), loads(parts), (0, 1), strict=True
        ):
            slopes = [h / a, o / a - carried, -o * h / a**2] if a else [0.0, 0.0, 0.0]
            pull = (parts[:, :3] - parts[:, :3].mean(axis=0)) @ slopes
            error = np.sqrt((pull**2).sum() / (count - 1) / count)
            result[key] = None if value is None else (value, error / seconds)
    return result
