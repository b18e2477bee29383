"""The words of every report, in one place; another language is another table beside this one.

Names of measures come from the closed list of `simcenter.measures`.
"""

from __future__ import annotations

__all__ = ["METHODS", "WHY", "WORDS"]

METHODS = {"erlang-c": "Erlang C", "erlang-a": "Erlang A"}
"""Names of formulas; the others go by what they are called at the prompt."""

WORDS = {
    "title": "{name}: {replications} replications (seed {seed}, engine {engine}, scenario {hash})",
    "title_one": "{name}: 1 replication (seed {seed}, engine {engine}, scenario {hash})",
    "title_observed": "{name}: {contacts} observed contacts, {first} to {last}",
    "title_intervals": "{name}: {rows} rows of an interval table, {first} to {last}",
    "not_told": "a time that is not told",
    "title_measured": "{name}: {contacts} contacts in {replications} replication(s)",
    "definitions": (
        "Service level: {service_level}, answered within {within}. "
        "Abandonment rate: {abandonment_rate}. Answer rate: {answer_rate}. "
        "Short: under {short} s. Contacts are booked by {booking}."
    ),
    "interval_note": "± is the half-width of the {confidence} % confidence interval.",
    "whole": "The whole, and by contact type",
    "by_interval": "By interval",
    "by_day": "By day",
    "by_group": "By agent group",
    "by": "By {by}",
    "total": "total",
    "measure": "measure",
    "start": "start",
    "day": "day",
    "agent_group": "agent group",
    "month": "month",
    "weekday": "weekday",
    "interval": "interval",
    "contact_type": "contact type",
    "agent": "agent",
    "observed": "observed",
    "simulated": "simulated",
    "difference": "difference",
    "against": "Observed beside simulated",
    "assumed": "Assumed, because the scenario does not say:",
    "never_abandon": "Callers never abandon: {types} has no patience in the scenario.",
    "progress": "{done} of {of} replications",
    "progress_about": "about {of}",
    "progress_unknown": "?",
    "progress_left": "{left} left",
    "stopped_precision": "Every half-width asked for is reached: {goals}.",
    "stopped_max_replications": "Stopped at the largest number of replications.",
    "stopped_max_seconds": "Stopped at the end of the time given.",
    "stopped_interrupted": "Interrupted: this is what the replications finished before say.",
    "not_reached": "Not reached: {goals}.",
    "nothing": "-",
    "compare_title": (
        "{name}: {what_ifs} on the same callers, {replications} replications "
        "(seed {seed}, engine {engine}, scenario {hash})"
    ),
    "compare_title_one": (
        "{name}: {what_ifs} on the same callers, 1 replication "
        "(seed {seed}, engine {engine}, scenario {hash})"
    ),
    "one_scenario_beside": "1 scenario beside the base",
    "scenarios_beside": "{count} scenarios beside the base",
    "verdict_note": (
        "A difference is shown where its {confidence} % interval leaves out zero; "
        "about {in_many} in 100 differences of nothing look like one."
    ),
    "side_by_side": "Side by side",
    "what_if": "What if: {name}",
    "base": "base",
    "the_what_if": "what-if",
    "verdict": "verdict",
    "variance_saved": "variance saved",
    "times": "{ratio:,.1f}x",
    "points": "points",
    "sweep": "Sweep of {key}",
    "grid": "{measure}: {rows} down, {columns} across",
    "sensitivity": "Sensitivity of {measure} (base {value}): what a tenth does to it",
    "input": "input",
    "swing": "swing",
    "better": "better",
    "worse": "worse",
    "agents_net": "agents",
    "agents_gross": "agents to roster",
    "promised": "promised",
    "probability_of_wait": "probability of waiting",
    "infinite": "no end",
    "overloaded": (
        "Overloaded: more work comes than these agents can do, so by this formula the queue "
        "grows without end."
    ),
    "staffing_title": "{name}: agents required, by {method}",
    "staffing_note": (
        "Types that share agents are one pool, rounded up once and divided by workload."
    ),
    "expected": "expected",
    "erlangs": "erlangs",
    "required": "required",
    "gross": "gross",
    "higher": "higher",
    "lower": "lower",
    "no difference shown": "no difference shown",
}

HEADINGS = {
    "arrived": "arrived",
    "offered": "offered",
    "answered": "answered",
    "abandoned": "abandoned",
    "answer_rate": "answer rate",
    "abandonment_rate": "abandonment",
    "service_level": "service level",
    "asa": "ASA",
    "mean_wait": "mean wait",
    "wait_p90": "wait p90",
    "aht": "AHT",
    "queue_length_mean": "queue",
    "occupancy": "occupancy",
    "rostered": "rostered",
    "on_floor": "on floor",
    "staffed": "signed in",
    "adherence": "adherence",
    "shrinkage": "shrinkage",
    "utilisation": "utilisation",
    "answered_contacts": "answered",
}
"""Short names of measures, for the heads of columns."""

WHY = {
    "en": {
        "title": "Why: {period}, {contact_type}, from what {method} promised to the floor",
        "note": "{replications} replications on the same callers; ± is the half-width of the {confidence} % interval.",
        "step": "step",
        "unit_percent": "%",
        "unit_seconds": "s",
        "along": "along the way",
        "alone": "alone",
        "floor": "on the floor",
        "sum": "sum: {part}",
        "nothing": "-",
        "the_whole": "the whole",
        "day": "day {day}",
        "people": "people",
        "demand": "demand",
        "formula": "what the formula leaves out",
        "percent": "{size:.1f} %",
        "points": "{size:.1f} points",
        "seconds": "{size:.1f} s",
        "misses": "misses",
        "holds": "holds",
        "at risk": "is at risk",
        "cannot tell yet": "cannot be told yet",
        "because": "{period}, {contact_type}: {verdict} because {reasons}{relief}: {method} promised {promised}, the floor gave {simulated}{target}.",
        "beside": "{period}, {contact_type}: {verdict}{reasons}{relief}: {method} promised {promised}, the floor gave {simulated}{target}.",
        "few_heads": "the rostered heads were too few for the formula itself",
        "overloaded": "the rostered heads were overloaded, so that the formula has no answer",
        "by_chance": "of small things of which none is shown alone",
        "cost": "{part} cost {size} of {measure} ({step})",
        "add": "{part} added {size} to the {measure} ({step})",
        "gain": "{part} gave back {size} ({step})",
        "and": " and ",
        "while": ", while ",
        "although": ", although ",
        "target": ", the target was {target}",
        "no_promise": "no end of waiting",
        "promised_only": " ({method} promised {promised}{target})",
    },
    "zh": {
        "title": "{period} {contact_type}:从 {method} 的承诺到现场",
        "note": "同一批来电,模拟天数 {replications};误差 ± 为 {confidence}% 区间的半宽。",
        "step": "步骤",
        "unit_percent": "%",
        "unit_seconds": "秒",
        "along": "逐步变化",
        "alone": "单独变化",
        "floor": "现场",
        "sum": "合计:{part}",
        "nothing": "-",
        "the_whole": "全程",
        "day": "第 {day} 天",
        "people": "人员",
        "demand": "需求",
        "formula": "公式未考虑的因素",
        "percent": "{size:.1f}%",
        "points": "{size:.1f} 个百分点",
        "seconds": "{size:.1f} 秒",
        "misses": "不达标",
        "holds": "达标",
        "at risk": "有风险",
        "cannot tell yet": "尚不能判断",
        "because": "{period} {contact_type}:{verdict},因为{reasons}{relief}({method} 承诺 {promised},现场为 {simulated}{target})。",
        "beside": "{period}, {contact_type}: {verdict}{reasons}{relief}({method} 承诺 {promised},现场为 {simulated}{target})。",
        "few_heads": "排班人数按公式本身就不够",
        "overloaded": "排班人数已过载,公式没有答案",
        "by_chance": "若干细小因素合在一起",
        "cost": "{part}使{measure}下降 {size}({step})",
        "add": "{part}使{measure}增加 {size}({step})",
        "gain": "{part}挽回 {size}({step})",
        "and": ",",
        "while": ";",
        "although": ",尽管",
        "target": ",目标为 {target}",
        "no_promise": "等待无止境",
        "promised_only": "({method} 承诺 {promised}{target})",
    },
}
"""The words of an explanation, by language."""
