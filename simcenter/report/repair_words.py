"""The words of repairs and of the question when, in English and 中文."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["REPAIR_WORDS"]

REPAIR_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Repair",
        "nothing_to_do": "The roster keeps its targets as it is; there is nothing to repair.",
        "found": "{count} within the rules, judged on {fresh} days that had no part in the search:",
        "one": "1 repair",
        "many": "{count} repairs",
        "colon": ":",
        "comma": ", ",
        "cheapest": "{hours}, {touched}",
        "minutes": "{minutes} min moved",
        "no_hours": "no paid hours more",
        "hours": "{hours:+.1f} paid hours (cost {cost:+,.2f})",
        "person": "1 person touched",
        "people": "{people} people touched",
        "count": "1 count changed",
        "counts": "{counts} counts changed",
        "none": "Nothing that the rules permit repairs the roster.",
        "best": "The best of what they permit helps, and is not enough:",
        "written": (
            "{path} holds the roster of repair 1, with all [[changes]] made: use it without "
            "them, in the scenario or by {options}"
        ),
        "not_written": "{path} is not written.",
        "missing": "Missing: {hours:.1f} agent-hours beside the roster",
        "missing_too": "Even with {hours:.1f} agent-hours more the targets do not all hold",
        "spare": (
            "Time to give away: {hours:.1f} agent-hours in which so many are idle 19 times in 20"
        ),
        "no_spare": "There is no time to give away: nobody is idle beside others 19 times in 20.",
        "before": "before",
        "after": "after",
        "difference": "difference",
        "probability_met": "targets met",
        "more_changes": "… and {count} more in the JSON",
        "when_title": (
            "{name}: when can {count} do {minutes:g} minutes of {activity}? "
            "({replications} replications, seed {seed})"
        ),
        "when_base": "As it stands: {values}.",
        "when_note": (
            "Differences to the roster as it stands, on the same callers; ± is the half-width of "
            "the {confidence:g} % interval. The least harm stands first."
        ),
        "when_who": "At {start}{day}: {agents}.",
        "when_full": "Too few at work throughout: {slots}.",
        "slot": "slot",
        "day": "day {day}",
        "on_day": " on day {day}",
        "service_level": "service level",
        "abandoned": "callers lost",
        "asa": "ASA",
        "points": "pt",
    },
    "zh": {
        "title": "排班修复",
        "nothing_to_do": "现有排班已达标,无需修复。",
        "found": "规则允许范围内有{count},以未参与搜索的 {fresh} 个模拟天评估:",
        "one": "1 个修复方案",
        "many": "{count} 个修复方案",
        "colon": ":",
        "comma": ",",
        "cheapest": "{hours},{touched}",
        "minutes": "共移动 {minutes} 分钟",
        "no_hours": "不增加带薪工时",
        "hours": "带薪工时 {hours:+.1f}(成本 {cost:+,.2f})",
        "person": "涉及 1 人",
        "people": "涉及 {people} 人",
        "count": "调整 1 处人数",
        "counts": "调整 {counts} 处人数",
        "none": "规则允许的调整都不足以修复该排班。",
        "best": "其中最好的调整有帮助,但还不够:",
        "written": (
            "{path} 为方案 1 的排班,已包含全部 [[changes]]:使用时请去掉它们,可在场景文件中指定,或用 {options}"
        ),
        "not_written": "未写入 {path}。",
        "missing": "缺口:排班之外还需 {hours:.1f} 人时",
        "missing_too": "即使再增加 {hours:.1f} 人时,目标仍未全部达到",
        "spare": "可让出的时间:{hours:.1f} 人时(20 次中有 19 次至少有这些人空闲)",
        "no_spare": "没有可让出的时间。",
        "before": "调整前",
        "after": "调整后",
        "difference": "差异",
        "probability_met": "达标概率",
        "more_changes": "……另有 {count} 项见 JSON",
        "when_title": (
            "{name}:何时可安排 {count} 人进行 {minutes:g} 分钟的{activity}?"
            "(模拟 {replications} 天,种子 {seed})"
        ),
        "when_base": "现状:{values}。",
        "when_note": "与现有排班在相同来电上的差异;± 为 {confidence:g} % 置信区间的误差。影响最小者在前。",
        "when_who": "{start}{day}:{agents}。",
        "when_full": "全程在岗人数不足:{slots}。",
        "slot": "时段",
        "day": "第 {day} 天",
        "on_day": "(第 {day} 天)",
        "service_level": "服务水平",
        "abandoned": "流失来电",
        "asa": "平均应答速度",
        "points": "百分点",
    },
}
"""By language, then by key."""
