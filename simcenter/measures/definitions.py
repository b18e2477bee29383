"""The closed list of measures: what every number means, once, for all reports.

A measure is a numerator over a denominator, each a sum of *base tallies* (counts and
seconds that `simcenter.measures.counting` books by interval). Everything else follows from
the list: where a measure has a meaning, in which unit it is told, how it is estimated,
and what its variants are. A term with a leading ``-`` is taken away.

What was not recorded is no data, never 0: a contact whose wait is not known counts neither
above nor below in waits and service levels; where no wait is known, there is no queue
length and no number of short abandons, nor what is net of them; where no handling time is
known, there is no load.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from simcenter.errors import InputError, unknown

__all__ = [
    "CAUSES",
    "MEASURES",
    "Definitions",
    "Formula",
    "Measure",
    "Statistic",
    "Unit",
    "cause_measure",
    "find_measure",
    "formula_of",
]

Statistic = Literal["count", "ratio", "time average", "load", "quantile", "maximum", "none"]
Unit = Literal["count", "fraction", "seconds", "erlangs", "agents", "contacts", "money"]

EVERYWHERE = frozenset({"total", "contact_type", "agent_group", "agent"})
CALLERS = frozenset({"total", "contact_type"})
TEAMS = frozenset({"total", "contact_type", "agent_group"})


@dataclass(frozen=True)
class Definitions:
    """Which variant of a measure is meant, and how contacts are booked.

    Attributes
    ----------
    service_level
        ``offered``, ``answered``, ``with_abandons``, ``net_of_quick_abandons`` or
        ``net_of_short``.
    abandonment_rate
        ``offered``, ``short_excluded`` or ``net_of_short``.
    answer_rate
        ``offered`` or ``net_of_short``.
    short_abandon_seconds
        An abandoned wait below this (strictly) is short.
    booking
        ``arrival``: a contact counts where it entered the queue; ``end``: where it ended.

    Raises
    ------
    InputError
        If a variant is not one of the list.

    Examples
    --------
    >>> Definitions(service_level="answerd")
    Traceback (most recent call last):
    ...
    simcenter.errors.InputError: definitions.service_level: unknown variant 'answerd'; ...
    """

    service_level: str = "offered"
    abandonment_rate: str = "offered"
    answer_rate: str = "offered"
    short_abandon_seconds: float = 0.0
    booking: str = "arrival"

    def __post_init__(self) -> None:
        for key in ("service_level", "abandonment_rate", "answer_rate"):
            _check(f"definitions.{key}", getattr(self, key), find_measure(key).variants)
        _check("definitions.booking", self.booking, ("arrival", "end"))
        if not self.short_abandon_seconds >= 0:
            raise InputError(
                "definitions.short_abandon_seconds: {short_abandon_seconds} is below zero",
                short_abandon_seconds=self.short_abandon_seconds,
            )


def _check(where: str, given: str, known: Mapping[str, object] | tuple[str, ...]) -> None:
    if given not in known:
        raise InputError(
            "{where}: {unknown}", where=where, unknown=unknown("variant", given, known)
        )


@dataclass(frozen=True)
class Formula:
    """One reading of a measure: base tallies above and below, and the words for it."""

    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    definition: str
    definition_zh: str


@dataclass(frozen=True)
class Measure:
    """One entry of the list.

    Attributes
    ----------
    key, english, chinese
        The fixed name, and the words for it.
    unit
        In what the number is told.
    statistic
        How it comes from replications: ``count``, ``ratio`` of totals, ``time average``,
        ``load`` (offered times handle time over time), ``quantile`` over the pooled
        contacts, ``maximum`` (mean of the replications' maxima; that of the wait is of all
        contacts pooled, without an interval), or ``none``.
    formula
        The default reading.
    where
        Rows on which it has a meaning: ``total``, ``contact_type``, ``agent_group``,
        ``agent``. All but those of single agents stand by interval and by day too.
    needs
        What the records must hold: ``activities``, ``plan``, ``paid`` (either of the two),
        ``callers``, ``attempts``; ``costs``: the setting knows costs per hour.
    variants
        Other readings by name; the default is one of them.
    divided
        Whether a contact type's number is a share of agents' time (see `cells`).
    percent
        For quantiles: which one.
    """

    key: str
    english: str
    chinese: str
    unit: Unit
    statistic: Statistic
    formula: Formula
    where: frozenset[str]
    needs: tuple[str, ...] = ()
    variants: Mapping[str, Formula] = field(default_factory=dict)
    divided: bool = False
    percent: int = 0

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the most that it can be; intervals are kept to them.

        Nothing is below 0 but shrinkage (those who work longer than they are paid for);
        shares are at most 1, but for those of one kind of time in another, which may be
        the shorter: utilisation, conformance, causes of shrinkage.
        """
        least = -math.inf if self.key == "shrinkage" else 0.0
        other_time = ("utilisation", "conformance", "shrinkage_")
        share = self.unit == "fraction" and not self.key.startswith(other_time)
        return least, 1.0 if share else math.inf

    @property
    def event(self) -> str:
        """What its numerator is made of.

        ``share`` and ``count``: contacts one by one; ``wait``: single waits; empty: a quantity
        of which each contact or agent has some.
        """
        if self.key in WAITED:
            return "wait"
        if self.statistic == "ratio" and self.unit == "fraction" and not self.divided:
            return "share"
        return "count" if self.unit in ("count", "contacts") else ""


WAITED = ("asa", "mean_wait", "mean_wait_abandoned", "queue_length_mean")
"""Measures whose numerators are sums of waits."""


def formula_of(measure: Measure, definitions: Definitions) -> Formula:
    """Return the reading of a measure that the definitions ask for."""
    if not measure.variants:
        return measure.formula
    return measure.variants[getattr(definitions, measure.key)]


def find_measure(key: str) -> Measure:
    """Return a measure of the list by its key.

    Raises
    ------
    InputError
        If the list has no such key.

    Examples
    --------
    >>> find_measure("asa").chinese
    '平均应答速度'
    """
    for measure in MEASURES:
        if measure.key == key:
            return measure
    raise InputError(unknown("measure", key, [measure.key for measure in MEASURES]))


def _count(key: str, english: str, chinese: str, text: str, text_zh: str) -> Measure:
    terms = _COUNT_TERMS.get(key, (key,))
    where = EVERYWHERE if key == "answered" else CALLERS
    needs = ("attempts",) if key == "redialled" else ()
    one = "short_known" if key == "short_abandoned" else "one"
    formula = Formula(terms, (one,), text, text_zh)
    return Measure(key, english, chinese, "count", "count", formula, where, needs)


_COUNT_TERMS = {"dropped": ("ivr_dropped", "queue_dropped")}

_COUNTS = (
    _count("arrived", "arrived", "系统呼入量", "contacts that reached the centre, blocked ones "
           "and redials included", "到达系统的联络,含遇忙与重拨"),
    _count("blocked", "blocked", "遇忙量", "found all lines busy", "遇到线路全忙"),
    _count("self_served", "self-served", "自助完成量", "ended in the IVR, business done",
           "在 IVR 内办完业务"),
    _count("ivr_abandoned", "left in the IVR", "IVR 放弃量", "hung up in the IVR",
           "在 IVR 内挂机"),
    _count("offered", "offered", "人工请求量(进线量)", "entered a queue, waited or not",
           "进入人工队列,无论是否等待"),
    _count("answered", "answered", "接通量(总接听量)", "reached an agent", "由坐席接听"),
    _count("abandoned", "abandoned", "放弃量", "hung up in the queue, balking included",
           "在队列中挂机,含未等待即离开"),
    _count("short_abandoned", "short abandons", "客户速挂量",
           "abandoned after a wait below the short-abandon threshold", "等待时间低于速挂阈值的放弃"),
    _count("overflowed", "overflowed", "溢出量", "sent elsewhere by a timeout or a full queue",
           "因超时或队列已满转往他处"),
    _count("dropped", "dropped at closing", "下班未接量",
           "in the IVR or the queue when service ended", "服务结束时仍在 IVR 或队列中"),
    _count("redialled", "redials", "重拨量", "arrivals that retry an earlier contact",
           "为先前联络再次拨入"),
)  # fmt: skip

_NET = ("short_offered", "-short_abandoned")
_ANSWER_RATE = {
    "offered": Formula(("answered",), ("offered",), "answered / offered", "接通量 / 进线量"),
    "net_of_short": Formula(
        ("answered",), _NET, "answered / (offered - short abandons)", "接通量 / (进线量 - 速挂量)"
    ),
}
_ABANDONMENT_RATE = {
    "offered": Formula(("abandoned",), ("offered",), "abandoned / offered", "放弃量 / 进线量"),
    "short_excluded": Formula(
        ("abandoned", "-short_abandoned"),
        ("short_offered",),
        "(abandoned - short abandons) / offered",
        "(放弃量 - 速挂量) / 进线量",
    ),
    "net_of_short": Formula(
        ("abandoned", "-short_abandoned"),
        _NET,
        "(abandoned - short abandons) / (offered - short abandons)",
        "(放弃量 - 速挂量) / (进线量 - 速挂量)",
    ),
}
_WITHIN = ("answered_within",)
_TIMED_NET = ("timed_offered", "-short_abandoned")
_SERVICE_LEVEL = {
    "offered": Formula(
        _WITHIN, ("timed_offered",), "answered within T / offered", "T 秒内接通量 / 进线量"
    ),
    "answered": Formula(
        _WITHIN, ("timed_answered",), "answered within T / answered", "T 秒内接通量 / 接通量"
    ),
    "with_abandons": Formula(
        ("answered_within", "abandoned_within"),
        ("timed_offered",),
        "(answered within T + abandoned within T) / offered",
        "(T 秒内接通量 + T 秒内放弃量) / 进线量",
    ),
    "net_of_quick_abandons": Formula(
        _WITHIN,
        ("timed_offered", "-abandoned_within"),
        "answered within T / (offered - abandoned within T)",
        "T 秒内接通量 / (进线量 - T 秒内放弃量)",
    ),
    "net_of_short": Formula(
        _WITHIN,
        _TIMED_NET,
        "answered within T / (offered - short abandons)",
        "T 秒内接通量 / (进线量 - 速挂量)",
    ),
}

_RATES = (
    Measure("answer_rate", "answer rate", "接通率", "fraction", "ratio",
            _ANSWER_RATE["offered"], CALLERS, variants=_ANSWER_RATE),
    Measure("abandonment_rate", "abandonment rate", "放弃率", "fraction", "ratio",
            _ABANDONMENT_RATE["offered"], CALLERS, variants=_ABANDONMENT_RATE),
    Measure("queue_loss_rate", "queue loss", "排队呼损率", "fraction", "ratio",
            Formula(("abandoned", "overflowed", "queue_dropped"), ("offered",),
                    "(abandoned + overflowed + dropped from the queue) / offered",
                    "(放弃 + 溢出 + 下班时在队列中未接) / 进线量"), CALLERS),
    Measure("blocking_rate", "blocking", "中继呼损率", "fraction", "ratio",
            Formula(("blocked",), ("arrived",), "blocked / arrived", "遇忙量 / 系统呼入量"),
            CALLERS),
    Measure("asa", "average speed of answer", "平均应答速度", "seconds", "ratio",
            Formula(("wait_answered",), ("timed_answered",),
                    "mean wait of answered contacts, zeros and ringing included",
                    "接通联络的平均等待,含零等待与振铃"), EVERYWHERE),
    Measure("mean_wait", "mean wait", "平均等待时间", "seconds", "ratio",
            Formula(("wait_offered",), ("timed_offered",), "mean wait over all offered",
                    "全部进线的平均等待"), CALLERS),
)  # fmt: skip


def _quantile(percent: int) -> Measure:
    formula = Formula(
        (),
        ("timed_answered",),
        f"smallest wait that at least {percent} % of the answered contacts do not exceed",
        f"至少 {percent}% 的接通联络等待不超过的最小值",
    )
    words = f"wait, {percent}th percentile", f"等待时间 {percent}% 分位数"
    return Measure(
        f"wait_p{percent}", *words, "seconds", "quantile", formula, TEAMS, percent=percent
    )


_WAITS = (
    _quantile(50),
    _quantile(90),
    _quantile(99),
    Measure("wait_max", "longest wait", "最长等待时间", "seconds", "maximum",
            Formula(("wait_max",), ("answering",), "longest wait of an answered contact, over "
                    "all replications; without an interval",
                    "接通联络的最长等待(全部模拟天);不给误差"), TEAMS),
    Measure("mean_wait_abandoned", "mean time to abandon", "平均放弃等待时间", "seconds", "ratio",
            Formula(("wait_abandoned",), ("timed_abandoned",),
                    "mean wait of abandoned contacts; it is not patience",
                    "放弃联络的平均等待;它不是耐心"), CALLERS),
    Measure("service_level", "service level", "服务水平(T 秒接通率)", "fraction", "ratio",
            _SERVICE_LEVEL["offered"], CALLERS, variants=_SERVICE_LEVEL),
    Measure("aht", "average handle time", "平均处理时长", "seconds", "ratio",
            Formula(("handle",), ("handled",),
                    "talk + hold + wrap over answered contacts; ringing is not in it",
                    "接通联络的通话 + 保持 + 话后处理;不含振铃"), EVERYWHERE),
    Measure("mean_talk", "mean talk time", "平均通话时长", "seconds", "ratio",
            Formula(("talk",), ("talked",), "talk time over answered contacts",
                    "接通联络的通话时间"), EVERYWHERE),
    Measure("mean_hold", "mean hold time", "平均保持时长", "seconds", "ratio",
            Formula(("hold",), ("held",), "hold time over answered contacts",
                    "接通联络的保持时间"), EVERYWHERE),
    Measure("mean_wrap", "mean wrap time", "平均话后处理(案头)时长", "seconds", "ratio",
            Formula(("wrap",), ("wrapped",), "wrap time over answered contacts",
                    "接通联络的话后处理时间"), EVERYWHERE),
)  # fmt: skip

_LOADS = (
    Measure("queue_length_mean", "mean queue length", "平均排队长度", "contacts", "time average",
            Formula(("queue",), ("queue_seconds",), "contacts waiting, averaged over opening hours",
                    "等待中的联络数,按营业时间平均"), CALLERS),
    Measure("queue_length_max", "longest queue", "最大排队长度", "contacts", "maximum",
            Formula(("queue_max",), ("queue_known",), "most contacts waiting at one time; over "
                    "replications, the mean of their maxima",
                    "同时等待的最大联络数;多个模拟天取各次最大值的平均"), CALLERS),
    Measure("offered_load", "offered load", "流入话务量", "erlangs", "load",
            Formula(("offered",), ("seconds",), "offered × average handle time / time",
                    "进线量 × 平均处理时长 / 时间"), CALLERS),
    Measure("carried_load", "carried load", "完成话务量", "erlangs", "time average",
            Formula(("carried",), ("handled_seconds",), "handling time / time; of an interval: the "
                    "handling within it, whenever the contact came",
                    "处理时间 / 时间(按时段时为该时段之内的处理时间,不论联络何时到达)"), TEAMS),
    Measure("lost_load", "lost load", "损失话务量", "erlangs", "load",
            Formula(("offered", "-handled"), ("seconds",), "offered load - carried load",
                    "流入话务量 - 完成话务量"), CALLERS),
    Measure("first_contact_resolution", "first-contact resolution",
            "一次性问题解决率(首次解决率)", "fraction", "ratio",
            Formula(("judged", "-returned"), ("judged",),
                    "1 - share of answered contacts whose caller comes back with the same type "
                    "within the window; those whose window is not over are left out",
                    "1 - 接通后客户在窗口期内以同一类型再次来电的占比;窗口期未结束者不计"),
            EVERYWHERE, needs=("callers",)),
)  # fmt: skip

_FLOOR = ("busy", "available")


def _team(
    key: str,
    words: tuple[str, str],
    unit: Unit,
    statistic: Statistic,
    formula: Formula,
    needs: tuple[str, ...],
) -> Measure:
    where = TEAMS if statistic == "time average" else EVERYWHERE
    return Measure(key, *words, unit, statistic, formula, where, needs, divided=True)


_AGENTS = (
    Measure("required", "required", "需求人数", "agents", "none",
            Formula((), (), "agents required by the formula named", "按所用公式计算的需求人数"),
            CALLERS),
    _team("rostered", ("rostered", "排班人数"), "agents", "time average",
          Formula(("planned_work",), ("seconds",),
                  "scheduled for contacts, planned breaks taken off", "排定接话的人数,扣除计划休息"),
          ("plan",)),
    _team("staffed", ("signed in", "签入人数"), "agents", "time average",
          Formula(("signed_in",), ("seconds",), "on shift, away and breaks included",
                  "在班人数,含离席与休息"), ("activities",)),
    _team("on_floor", ("on the floor", "在线人数"), "agents", "time average",
          Formula(_FLOOR, ("seconds",), "handling or available", "处理中或空闲等待"),
          ("activities",)),
    _team("occupancy", ("occupancy", "占用率(话务利用率)"), "fraction", "ratio",
          Formula(("busy",), _FLOOR, "(ring + talk + hold + wrap) / (the same + available)",
                  "(振铃 + 通话 + 保持 + 话后) / (前者 + 空闲)"), ("activities",)),
    _team("utilisation", ("utilisation", "人员利用率(CSR 利用率)"), "fraction", "ratio",
          Formula(_FLOOR, ("paid",), "(ring + talk + hold + wrap + available) / paid time",
                  "(振铃 + 通话 + 保持 + 话后 + 空闲) / 带薪时间"), ("activities",)),
    _team("shrinkage", ("shrinkage", "损耗率(缩减率)"), "fraction", "ratio",
          Formula(("paid", "-busy", "-available"), ("paid",), "1 - utilisation",
                  "1 - 人员利用率"), ("activities",)),
    _team("adherence", ("adherence", "遵时率(班次遵守率)"), "fraction", "ratio",
          Formula(("adherent",), ("scheduled",),
                  "time in the activity that was scheduled / scheduled time",
                  "处于排定活动的时间 / 排定时间"), ("activities", "plan")),
    _team("conformance", ("conformance", "工时符合率"), "fraction", "ratio",
          Formula(_FLOOR, ("planned_work",), "time worked / time scheduled for contacts",
                  "实际工作时间 / 排定接话时间"), ("activities", "plan")),
    _team("cost", ("cost", "人工成本"), "money", "count",
          Formula(("cost",), ("one",), "paid time × cost per hour", "带薪时间 × 每小时成本"),
          ("paid", "costs")),
)  # fmt: skip

MEASURES: tuple[Measure, ...] = (*_COUNTS, *_RATES, *_WAITS, *_LOADS, *_AGENTS)
"""Every measure there is, in the order of reports (causes of shrinkage apart)."""

CAUSES: Mapping[str, str] = {
    "away": "离席",
    "break": "小休",
    "lunch": "用餐",
    "meeting": "会议",
    "training": "培训",
    "leave": "休假",
    "recover": "恢复",
    "late": "迟到",
    "absent": "缺勤",
    "other": "其他",
}
"""States that take paid time off the floor, and their Chinese words."""


def cause_measure(cause: str) -> Measure:
    """Return the measure ``shrinkage_<cause>``: paid time lost to one state, over paid time.

    Examples
    --------
    >>> cause_measure("lunch").key
    'shrinkage_lunch'
    """
    words = (f"shrinkage by {cause}", f"损耗率:{CAUSES.get(cause, cause)}")
    formula = Formula(
        (f"cause:{cause}",),
        ("paid",),
        f"time in {cause} / paid time",
        f"{CAUSES.get(cause, cause)}时间 / 带薪时间",
    )
    return _team(f"shrinkage_{cause}", words, "fraction", "ratio", formula, ("activities",))
