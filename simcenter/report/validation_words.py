"""The words of a validation, in English and in Chinese, under the same keys."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["LANGUAGES", "words_in"]

ENGLISH = {
    "holds": "holds",
    "at risk": "at risk",
    "misses": "misses",
    "cannot tell yet": "cannot tell yet",
    "cannot tell yet, short": "cannot tell",
    "none judged": "-",
    "first": "{name}: {verdict}. {frequency}",
    "first_patient": (
        "{name}: {verdict}, if callers never abandon (no patience is given for {types}). "
        "{frequency}"
    ),
    "frequency": "All targets are met on {share}.",
    "about": "about {count} {days} in {of}",
    "about_one": "about one in {of} {days}",
    "every": "every one of {count} {days} simulated",
    "never": "none of {count} {days} simulated",
    "days": "days",
    "intervals": "intervals",
    "wholes": "runs of all days",
    "weekdays": ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays",
                 "Sundays"),
    "by_type": "{type} {verdict}: met on {share}",
    "windows": "Where it misses",
    "no_windows": "No interval is shown to miss its targets.",
    "window": "  {when} {type}: misses, {parts}",
    "short": "{count} people short",
    "short_one": "1 person short",
    "enough": "as many people as {method} requires",
    "lost": "{count} callers lost",
    "lost_one": "1 caller lost",
    "late": "{count} not answered in time",
    "day_prefix": "day {day}, ",
    "overloaded": (
        "Overloaded at {starts}: the people rostered cannot do the work that comes. {method} gives "
        "nothing there; the floor's numbers stand, because work is carried over or lost."
    ),
    "and_more": "{first} and {count} more",
    "by_measure": "{type}, {period}: promised by {method} and given by the floor",
    "day": "day {day}",
    "the_day": "the day",
    "the_whole": "the whole",
    "by_interval": "{type}, by interval: {measure}",
    "by_day": "{type}, by day: {measure}",
    "not_holding": "{type}: intervals that do not hold ({held} of {count} hold): {measure}",
    "all_hold": "{type}: all {count} intervals hold.",
    "measure": "measure",
    "target": "target",
    "promised": "promised",
    "floor": "floor",
    "came": "came",
    "start": "start",
    "day_head": "day",
    "expected": "calls",
    "required": "needed",
    "rostered": "planned",
    "on_floor": "there",
    "promise": "promise",
    "met": "met",
    "verdict": "verdict",
    "nothing": "-",
    "overload": "none",
    "people": (
        "needed: people {method} requires; planned: rostered for contacts; there: on the floor in "
        "the simulation; promise: {method} for the people planned; floor: what the simulation gives; "
        "met: share of days on which every target was met."
    ),
    "divided": "People who serve several types are divided among them by workload.",
    "few": "*: fewer than ten contacts are expected.",
    "confidence": (
        "± is of each number alone. The verdicts on the intervals are all right with "
        "{confidence} % confidence, and so are those on the days and on the whole "
        "({replications} replications, seed {seed}, engine {engine}, scenario {hash})."
    ),
    "hold": "A day holds where its targets are met on at least {share} of such days.",
    "stopped_max_replications": "Stopped at the limit of replications before all was clear.",
    "stopped_max_seconds": "Stopped at the end of the time given before all was clear.",
    "assumed": "Assumed, because the scenario does not say",
    "turns": "; {becomes} from {value} on",
    "stays": "; the verdict stays up to {value}",
    "turns_down": "; {becomes} from a mean of {value} down",
    "stays_down": "; the verdict stays down to a mean of {value}",
}  # fmt: skip

CHINESE = {
    "holds": "达标",
    "at risk": "有风险",
    "misses": "不达标",
    "cannot tell yet": "尚不能判断",
    "cannot tell yet, short": "尚不能判断",
    "none judged": "-",
    "first": "{name}:{verdict}。{frequency}",
    "first_patient": "{name}:{verdict}(假定客户从不放弃:{types} 未给出耐心)。{frequency}",
    "frequency": "全部目标都达到的情况:{share}。",
    "about": "约每 {of} 个{days}中有 {count} 个",
    "about_one": "约每 {of} 个{days}中有 1 个",
    "every": "模拟的 {count} 个{days}全部达到",
    "never": "模拟的 {count} 个{days}无一达到",
    "days": "工作日",
    "intervals": "时段",
    "wholes": "整个周期",
    "weekdays": ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"),
    "by_type": "{type} {verdict}:{share}",
    "windows": "不达标的时段",
    "no_windows": "没有时段被证明不达标。",
    "window": "  {when} {type}:不达标,{parts}",
    "short": "缺 {count} 人",
    "short_one": "缺 1 人",
    "enough": "人数已达 {method} 的需求",
    "lost": "损失 {count} 通",
    "lost_one": "损失 1 通",
    "late": "{count} 通未及时接起",
    "day_prefix": "第 {day} 天,",
    "overloaded": (
        "{starts} 超负荷:排班人数做不完到来的工作量。{method} 在此没有答案;"
        "以仿真结果为准,因为工作会顺延或流失。"
    ),
    "and_more": "{first} 等另外 {count} 个时段",
    "by_measure": "{type},{period}:{method} 的承诺与现场的结果",
    "day": "第 {day} 天",
    "the_day": "当天",
    "the_whole": "全部",
    "by_interval": "{type},按时段:{measure}",
    "by_day": "{type},按天:{measure}",
    "not_holding": "{type}:未达标的时段({count} 个中 {held} 个达标):{measure}",
    "all_hold": "{type}:{count} 个时段全部达标。",
    "measure": "指标",
    "target": "目标",
    "promised": "承诺",
    "floor": "现场",
    "came": "实际",
    "start": "开始",
    "day_head": "天",
    "expected": "话量",
    "required": "需求",
    "rostered": "排班",
    "on_floor": "在线",
    "promise": "承诺",
    "met": "达标率",
    "verdict": "结论",
    "nothing": "-",
    "overload": "无",
    "people": (
        "需求:{method} 的需求人数;排班:排定接话人数;在线:仿真中的在线人数;"
        "承诺:{method} 对排班人数的承诺;现场:仿真结果;达标率:全部目标都达到的天数占比。"
    ),
    "divided": "服务多种类型的人员按工作量分摊。",
    "few": "*:预期不足十个联络。",
    "confidence": (
        "误差 ± 只针对单个数字。对各时段的全部结论以 {confidence}% 的置信度同时成立,各天、全部亦然"
        "(模拟天数 {replications},种子 {seed},引擎 {engine},场景 {hash})。"
    ),
    "hold": "至少在 {share} 的日子达到目标,才算达标。",
    "stopped_max_replications": "已到模拟天数上限,尚未全部明确。",
    "stopped_max_seconds": "已到时间上限,尚未全部明确。",
    "assumed": "场景未说明而假定的内容",
    "turns": ";从 {value} 起变为:{becomes}",
    "stays": ";直到 {value} 结论不变",
    "turns_down": ";平均值降到 {value} 时变为:{becomes}",
    "stays_down": ";平均值降到 {value} 结论仍不变",
}  # fmt: skip

LANGUAGES = ("en", "zh")


def words_in(language: str) -> Mapping[str, object]:
    """Return the words of a language: ``en`` or ``zh``."""
    return {"en": ENGLISH, "zh": CHINESE}[language]
