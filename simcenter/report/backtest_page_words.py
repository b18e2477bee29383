"""The words of a backtest's page, in English and in Chinese, and what it takes for granted."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["BACKTEST_PAGE", "assumed_in"]

ENGLISH = {
    "finding": (
        "On {days} days that the calibration had not seen: {measure} inside the 90 % band on "
        "{inside} of them ({share})."
    ),
    "finding_error": "Over all of them {errors}.",
    "error_of": "{measure} is off by {error}",
    "calibrated_on": "Calibrated on {trained}; held out {held}.",
    "in_bands": "Inside the bands",
    "in_bands_line": "{measure}: {in90} of {count} days inside the 90 % band, {in50} inside the 50 %",
    "in_bands_note": "A model that is right would have 9 in 10 and 5 in 10 there.",
    "causes": "What the error comes from",
    "cause_line": "{measure} {error}: most goes away with the real {part} ({size})",
    "cause_none": "{measure} {error}: no input alone makes it smaller",
    "outside": "Days outside",
    "none_outside": "No day's ASA lies outside the 90 % band.",
    "outside_line": "{day}: ASA {observed}, band {low} to {high}",
    "charts": "What happened, against the bands simulated before",
    "granted": "Taken for granted",
    "how": "How it was done",
    "foot": (
        "{replications} replications, seed {seed}; intervals of {minutes} minutes; simcenter "
        "{version}."
    ),
    "error_note": (
        "Error: simulated less observed. A cause: what goes away when that input alone is taken "
        "as it really was; - where it already is. Causes need not add up."
    ),
    "part_volume": "volume",
    "part_handle": "handling",
    "part_agents": "agents",
    "part_patience": "patience",
    "by_month": "By month",
    "coverage": "How much of what happened lies inside the simulated bands",
    "error_split": "The error of held-out days, and what it comes from",
}

CHINESE = {
    "finding": "在校准未见过的 {days} 天中,{measure}有 {inside} 天落在 90% 区间内({share})。",
    "finding_error": "合计:{errors}。",
    "error_of": "{measure}误差 {error}",
    "calibrated_on": "以 {trained} 校准,以 {held} 检验。",
    "in_bands": "落在区间内的情况",
    "in_bands_line": "{measure}:{count} 天中有 {in90} 天在 90% 区间内,{in50} 天在 50% 区间内",
    "in_bands_note": "若模型正确,两者应分别为十分之九与十分之五。",
    "causes": "误差从何而来",
    "cause_line": "{measure} {error}:换成实际的{part}后消失最多({size})",
    "cause_none": "{measure} {error}:单独换任何一项都不会变小",
    "outside": "区间外的日子",
    "none_outside": "没有一天的平均应答速度落在 90% 区间外。",
    "outside_line": "{day}:平均应答速度 {observed},区间 {low} 至 {high}",
    "charts": "实际值与事先模拟的区间",
    "granted": "以下为假设",
    "how": "做法",
    "foot": "模拟 {replications} 次,种子 {seed};时段 {minutes} 分钟;simcenter {version}。",
    "error_note": (
        "误差:模拟减实际。来源:仅将该项输入换成实际值后消失的部分;- 表示该项本来就取实际值。"
        "各项之和不必等于总误差。"
    ),
    "part_volume": "话务量",
    "part_handle": "处理时长",
    "part_agents": "坐席",
    "part_patience": "耐心",
    "by_month": "按月",
    "coverage": "实际值落在模拟区间内的比例",
    "error_split": "检验期的误差及其来源",
}

BACKTEST_PAGE: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "zh": CHINESE}

ASSUMED = {
    "callers: contacts begin where they entered the queue; the IVR is not simulated": (
        "来电:自进入队列起算,不模拟 IVR"
    ),
    "agents: there from the first to the last contact of a stretch, and five minutes more at "
    "either end while nobody waited; not ready for over a minute while somebody waited is away": (
        "座席:自一段时间的首个联络至末个联络在岗,两端无人等待时各延长五分钟;"
        "有人等待而超过一分钟未就绪,视为离席"
    ),
    "bands: chance of single callers, and of days that differ in handling and patience; other "
    "parameters are taken as exact": (
        "区间:包含单个来电的偶然性,以及各日处理时长与耐心的差异;其他参数视为准确"
    ),
}
"""What a backtest takes for granted, and the same in Chinese."""

UNSEEN = "contact type {name}: not in the days of the calibration; taken to be like the busiest"
UNSEEN_CHINESE = "业务类型 {name}:校准期内没有;视同最忙的类型"


def assumed_in(line: str, language: str) -> str:
    """Return what a backtest takes for granted, in a language."""
    if language == "en":
        return line
    before, after = UNSEEN.split("{name}")
    if line.startswith(before) and line.endswith(after):
        return UNSEEN_CHINESE.format(name=line.removeprefix(before).removesuffix(after))
    return ASSUMED.get(line, line)
