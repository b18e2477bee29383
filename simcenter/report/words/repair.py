"""The words of repairs and of the question when."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["TABLE"]

TABLE: Mapping[str, tuple[str, str]] = {
    "title": ("Repair", "排班修复"),
    "nothing_to_do": (
        "On the {fresh} days that would judge a repair the roster keeps its targets as it is, so none was looked for.",
        "在用于评估修复方案的 {fresh} 个模拟天上，现有排班已达标，因此未寻找修复方案。",
    ),
    "found": (
        "{count} within the rules, judged on {fresh} days that had no part in the search:",
        "规则允许范围内有{count}，以未参与搜索的 {fresh} 个模拟天评估：",
    ),
    "one": ("1 repair", "1 个修复方案"),
    "many": ("{count} repairs", "{count} 个修复方案"),
    "colon": (":", "："),
    "comma": (", ", "，"),
    "cheapest": ("{hours}, {touched}", "{hours}，{touched}"),
    "semicolon": ("; ", "；"),
    "steps": (
        "who helps most first; in brackets how many of the targets' periods are then met",
        "作用最大者在前；括号内为届时达标的时段数",
    ),
    "step": (
        "{change} ({before} → {after} of {of})",
        "{change}（{of} 个中 {before} → {after} 个）",
    ),
    "step_of_day": (
        "{change} ({before} → {after} of {of} that day)",
        "{change}（当天 {of} 个中 {before} → {after} 个）",
    ),
    "cut": (
        "The time was over before all was looked for; what is known so far:",
        "时间已到，尚未全部查找；目前所知：",
    ),
    "best_cut": ("What was found:", "已找到的调整："),
    "days_repaired": ("Repaired: {days}.", "已修复：{days}。"),
    "days_holds": ("Hold as they are: {days}.", "无需调整：{days}。"),
    "days_not enough": (
        "No change that the rules permit is enough: {days}.",
        "规则允许的调整都不够：{days}。",
    ),
    "days_cut": ("Not looked at to the end: {days}.", "尚未查找完：{days}。"),
    "minutes": ("{minutes} min moved", "共移动 {minutes} 分钟"),
    "no_hours": ("no paid hours more", "不增加带薪工时"),
    "hours": (
        "{hours:+.1f} paid hours (cost {cost:+,.2f})",
        "带薪工时 {hours:+.1f}（成本 {cost:+,.2f}）",
    ),
    "person": ("1 person touched", "涉及 1 人"),
    "people": ("{people} people touched", "涉及 {people} 人"),
    "count": ("1 count changed", "调整 1 处人数"),
    "counts": ("{counts} counts changed", "调整 {counts} 处人数"),
    "none": (
        "Nothing that the rules permit repairs the roster.",
        "规则允许的调整都不足以修复该排班。",
    ),
    "best": (
        "The best of what they permit helps, and is not enough:",
        "其中最好的调整有帮助，但还不够：",
    ),
    "written": (
        "{path} holds the roster of repair 1, with all [[changes]] made: use it without them, in the scenario or by {options}",
        "{path} 为方案 1 的排班，已包含全部 [[changes]]：使用时请去掉它们，可在场景文件中指定，或用 {options}",
    ),
    "written_days": (
        "{path} holds the roster with the days repaired that are named so, with all [[changes]] made: use it without them, in the scenario or by {options}",
        "{path} 为修复了上述日子的排班，已包含全部 [[changes]]：使用时请去掉它们，可在场景文件中指定，或用 {options}",
    ),
    "not_written": ("{path} is not written.", "未写入 {path}。"),
    "missing": (
        "Missing: {hours:.1f} agent-hours beside the roster",
        "缺口：排班之外还需 {hours:.1f} 人时",
    ),
    "missing_too": (
        "Even with {hours:.1f} agent-hours more the targets do not all hold",
        "即使再增加 {hours:.1f} 人时，目标仍未全部达到",
    ),
    "spare": (
        "Time to give away: {hours:.1f} agent-hours in which so many are idle 19 times in 20",
        "可让出的时间：{hours:.1f} 人时（20 次中有 19 次至少有这些人空闲）",
    ),
    "no_spare": (
        "There is no time to give away: nobody is idle beside others 19 times in 20.",
        "没有可让出的时间。",
    ),
    "before": ("before", "调整前"),
    "after": ("after", "调整后"),
    "difference": ("difference", "差异"),
    "probability_met": ("targets met", "达标概率"),
    "more_changes": ("… and {count} more in the JSON", "……另有 {count} 项见 JSON"),
    "when_title": (
        "{name}: when can {count} do {minutes:g} minutes of {activity}? ({replications} replications, seed {seed})",
        "{name}：何时可安排 {count} 人进行 {minutes:g} 分钟的{activity}？（模拟 {replications} 天，种子 {seed}）",
    ),
    "when_base": ("As it stands: {values}.", "现状：{values}。"),
    "when_alike": (
        "{replications} replications cannot tell {best} from {slots}.",
        "{replications} 个模拟天无法区分 {best} 与 {slots}。",
    ),
    "when_note": (
        "Differences to the roster as it stands, on the same callers; ± is the half-width of the {confidence:g} % interval, [low, high] its ends where it is lopsided. The least harm stands first.",
        "与现有排班在相同来电上的差异；± 为 {confidence:g}% 置信区间的误差；不对称时，方括号内为下限与上限。影响最小者在前。",
    ),
    "when_who": ("At {start}{day}: {agents}.", "{day}{start} 可去：{agents}。"),
    "when_full": ("Too few at work throughout: {slots}.", "全程在岗人数不足：{slots}。"),
    "slot": ("slot", "时段"),
    "on_day": (" on {day}", "日期 {day}，"),
    "service_level": ("service level", "服务水平"),
    "abandoned": ("callers lost", "流失来电"),
    "asa": ("ASA", "平均应答速度"),
    "points": ("pt", "百分点"),
    "of_place": ("{place}: {name}", "{place}：{name}"),
    "free": ("{slot} ({free})", "{slot}（{free}）"),
}
