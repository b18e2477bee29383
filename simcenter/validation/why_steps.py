"""The steps from Erlang's promise to the floor's result, with their words.

People come first and what flatters comes last: the heads the formula was given, then the
people who were not there, then what the contacts and the centre are like, and at the end
the callers who give up, which makes the waits of the others look better.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["FEATURES", "PARTS", "PROMISE", "SPILL_OVER", "STEPS", "StepName"]

PROMISE = "promise"
SPILL_OVER = "spill_over"


@dataclass(frozen=True)
class StepName:
    """One step.

    Attributes
    ----------
    key
        Its fixed name in JSON.
    english, chinese
        The words for it.
    part
        The manager's sum that it belongs to: ``demand``, ``people`` or ``formula``; the
        promise, from which all starts, stands alone.
    """

    key: str
    english: str
    chinese: str
    part: str


STEPS = (
    StepName(PROMISE, "the promise for the rostered heads", "按排班人数的公式承诺", PROMISE),
    StepName(
        "people",
        "absence, lateness, late breaks, overruns",
        "缺勤、迟到、休息推迟与超时收尾",
        "people",
    ),
    StepName(
        "handle_time",
        "handle time by type, hour and group",
        "按类型、时段与组别的处理时长",
        "demand",
    ),
    StepName("skills", "skills, priority, sharing", "技能、优先级、共享", "formula"),
    StepName(SPILL_OVER, "spill-over from interval to interval", "时段之间的滞留与结转", "formula"),
    StepName("volume", "uncertain volume", "话务量的不确定", "demand"),
    StepName("ivr_lines", "IVR and lines", "IVR 与中继线", "demand"),
    StepName("handle_shape", "true shape of handle times", "处理时长的真实分布", "formula"),
    StepName("abandonment", "abandonment", "客户放弃", "formula"),
)
"""All steps, in the order in which they add up."""

FEATURES = tuple(step.key for step in STEPS if step.key not in (PROMISE, SPILL_OVER))
"""The steps that put one feature of the real centre in place of an assumption."""

PARTS = ("demand", "people", "formula")
"""The three sums that a manager sees."""
