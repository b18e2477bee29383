"""Short names of measures, for the heads of columns."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["TABLE"]

TABLE: Mapping[str, tuple[str, str]] = {
    "arrived": ("arrived", "系统呼入量"),
    "offered": ("offered", "人工请求量"),
    "answered": ("answered", "接通量"),
    "abandoned": ("abandoned", "放弃量"),
    "answer_rate": ("answer rate", "接通率"),
    "abandonment_rate": ("abandonment", "放弃率"),
    "service_level": ("service level", "服务水平"),
    "asa": ("ASA", "平均应答"),
    "mean_wait": ("mean wait", "平均等待"),
    "wait_p90": ("wait p90", "等待 P90"),
    "aht": ("AHT", "平均处理"),
    "queue_length_mean": ("queue", "排队长度"),
    "occupancy": ("occupancy", "占用率"),
    "rostered": ("rostered", "排班人数"),
    "on_floor": ("on floor", "在线人数"),
    "staffed": ("signed in", "签入人数"),
    "adherence": ("adherence", "遵时率"),
    "shrinkage": ("shrinkage", "损耗率"),
    "utilisation": ("utilisation", "人员利用率"),
    "answered_contacts": ("answered", "接通量"),
}
