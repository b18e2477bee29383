"""The words of an explanation."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["TABLE"]

TABLE: Mapping[str, tuple[str, str]] = {
    "title": (
        "Why: {period}, {contact_type}, from what {method} promised to the floor",
        "{period} {contact_type}：从 {method} 的承诺到现场",
    ),
    "note": (
        "{replications} replications on the same callers; ± is the half-width of the {confidence} % interval.",
        "同一批来电，模拟天数 {replications}；误差 ± 为 {confidence}% 区间的半宽。",
    ),
    "step": ("step", "步骤"),
    "along": ("along the way", "逐步变化"),
    "alone": ("alone", "单独变化"),
    "floor": ("on the floor", "现场"),
    "sum": ("sum: {part}", "合计：{part}"),
    "nothing": ("-", "-"),
    "the_whole": ("the whole", "全程"),
    "people": ("people", "人员"),
    "demand": ("demand", "需求"),
    "formula": ("what the formula leaves out", "公式未考虑的因素"),
    "percent": ("{size:.1f} %", "{size:.1f}%"),
    "points": ("{size:.1f} points", "{size:.1f} 个百分点"),
    "seconds": ("{size:.1f} s", "{size:.1f} 秒"),
    "misses": ("misses", "不达标"),
    "holds": ("holds", "达标"),
    "at risk": ("is at risk", "有风险"),
    "cannot tell yet": ("cannot be told yet", "尚不能判断"),
    "because": (
        "{period}, {contact_type}: {verdict} because {reasons}{relief}: {method} promised {promised}, the floor gave {simulated}{target}.",
        "{period} {contact_type}：{verdict}，因为{reasons}{relief}。{method} 承诺 {promised}，现场为 {simulated}{target}。",
    ),
    "beside": (
        "{period}, {contact_type}: {verdict}{reasons}{relief}: {method} promised {promised}, the floor gave {simulated}{target}.",
        "{period} {contact_type}：{verdict}{reasons}{relief}。{method} 承诺 {promised}，现场为 {simulated}{target}。",
    ),
    "few_heads": (
        "the rostered heads were too few for the formula itself",
        "排班人数按公式本身就不够",
    ),
    "overloaded": (
        "the rostered heads were overloaded, so that the formula has no answer",
        "排班人数已过载，公式没有答案",
    ),
    "by_chance": ("of small things of which none is shown alone", "若干细小因素合在一起"),
    "cost": ("{part} cost {size} of {measure} ({step})", "{part}使{measure}下降 {size}（{step}）"),
    "add": (
        "{part} added {size} to the {measure} ({step})",
        "{part}使{measure}增加 {size}（{step}）",
    ),
    "gain": ("{part} gave back {size} ({step})", "{part}挽回 {size}（{step}）"),
    "and": (" and ", "，"),
    "while": (", while ", "；"),
    "although": (", although ", "，尽管"),
    "target": (", the target was {target}", "，目标为 {target}"),
    "no_promise": ("no end of waiting", "等待无止境"),
}
