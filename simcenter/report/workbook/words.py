"""The words of workbooks, in English and in Chinese, under the same keys."""

from __future__ import annotations

from collections.abc import Mapping

from simcenter.measures import cause_measure, find_measure

__all__ = ["WORDS", "measure_name", "words_in"]

WORDS: Mapping[str, tuple[str, str]] = {
    "summary": ("Summary", "汇总"),
    "intervals": ("Intervals", "时段"),
    "intervals_by_type": ("Intervals by type", "时段与类型"),
    "days": ("Days", "各天"),
    "days_by_type": ("Days by type", "各天与类型"),
    "groups": ("Agent groups", "坐席组"),
    "by": ("By {by}", "按{by}"),
    "about": ("About", "说明"),
    "comparison": ("Comparison", "比较"),
    "sweep": ("Sweep", "参数扫描"),
    "sensitivity": ("Sensitivity", "敏感性"),
    "verdicts": ("Verdicts", "结论"),
    "windows": ("Where it misses", "未达标时段"),
    "why": ("Why", "原因"),
    "repairs": ("Repairs", "修复方案"),
    "spare": ("Time to give away", "可调出的人时"),
    "assumptions": ("Assumptions", "假定"),
    "staffing": ("Agents required", "需求人数"),
    "measure": ("measure", "指标"),
    "unit": ("unit", "单位"),
    "total": ("total", "合计"),
    "half_width": ("± {name}", "± {name}"),
    "day": ("day", "天"),
    "date": ("date", "日期"),
    "start": ("start", "开始"),
    "end": ("end", "结束"),
    "contact_type": ("contact type", "联络类型"),
    "agent_group": ("agent group", "坐席组"),
    "month": ("month", "月"),
    "weekday": ("weekday", "星期"),
    "interval": ("interval", "时段"),
    "agent": ("agent", "坐席"),
    "scenario": ("scenario", "场景"),
    "scenario_hash": ("hash of the scenario", "场景哈希"),
    "engine": ("engine", "引擎"),
    "version": ("version of simcenter", "simcenter 版本"),
    "seed": ("seed", "种子"),
    "replications": ("replications", "模拟天数"),
    "confidence": ("confidence", "置信度"),
    "service_level": ("definition of service level", "服务水平定义"),
    "abandonment_rate": ("definition of abandonment rate", "放弃率定义"),
    "answer_rate": ("definition of answer rate", "接通率定义"),
    "short_abandon_seconds": ("an abandonment is short under (s)", "短放弃阈值(秒)"),
    "booking": ("contacts are booked by", "联络计入"),
    "answer_within": ("answered within (s), {name}", "应答阈值(秒),{name}"),
    "assumed": ("assumed", "假定"),
    "method": ("method", "方法"),
    "hold_probability": ("held if met in at least", "达标所需天数占比"),
    "what_if": ("what-if", "假设"),
    "base": ("base", "基准"),
    "value": ("what-if", "假设值"),
    "difference": ("difference", "差"),
    "verdict": ("verdict", "结论"),
    "variance_ratio": ("variance saved (times)", "方差节省(倍)"),
    "input": ("input", "输入"),
    "change": ("change", "变化"),
    "swing": ("swing", "摆幅"),
    "expected": ("expected contacts", "预期联络量"),
    "required": ("required", "需求"),
    "required_gross": ("agents to roster", "应排人数"),
    "rostered": ("rostered", "排班"),
    "on_floor": ("on the floor", "在线"),
    "promised": ("{name}, promised", "{name}(承诺)"),
    "simulated": ("{name}, on the floor", "{name}(现场)"),
    "came": ("{name}, came", "{name}(实际)"),
    "probability_met": ("share of days on which it is met", "达标天数占比"),
    "short": ("people short", "缺少人数"),
    "lost": ("callers lost", "流失来电"),
    "late": ("not answered in time", "未及时应答"),
    "step": ("step", "步骤"),
    "along": ("along the way", "逐步变化"),
    "alone": ("alone", "单独变化"),
    "agent_hours": ("paid hours more", "增加的带薪工时"),
    "cost": ("cost", "成本"),
    "before": ("before", "修复前"),
    "after": ("after", "修复后"),
    "agents": ("agents", "坐席数"),
    "offered_answered": ("Contacts and service level", "联络量与服务水平"),
    "contacts": ("contacts", "联络量"),
    "people": ("People", "人数"),
    "not_answered": ("not answered", "未接通"),
    "holds": ("holds", "达标"),
    "at risk": ("at risk", "有风险"),
    "misses": ("misses", "不达标"),
    "cannot tell yet": ("cannot tell yet", "尚不能判断"),
    "better": ("better", "更好"),
    "worse": ("worse", "更差"),
    "higher": ("higher", "更高"),
    "lower": ("lower", "更低"),
    "no difference shown": ("no difference shown", "未显出差别"),
}
"""Each key's English and Chinese."""


def words_in(language: str) -> Mapping[str, str]:
    """Return the words of a language: ``en`` or ``zh``."""
    place = {"en": 0, "zh": 1}[language]
    return {key: pair[place] for key, pair in WORDS.items()}


def measure_name(key: str, language: str) -> str:
    """Return the name of a measure."""
    cause = key.removeprefix("shrinkage_")
    found = find_measure(key) if cause == key else cause_measure(cause)
    return found.chinese if language == "zh" else found.english
