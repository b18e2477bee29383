"""The words of a backtest's page."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["TABLE"]

TABLE: Mapping[str, tuple[str, str]] = {
    "finding": (
        "On {days} days that the calibration had not seen: {measure} inside the 90 % band on {inside} of them ({share}).",
        "在校准未见过的 {days} 天中，{measure}有 {inside} 天落在 90% 区间内（{share}）。",
    ),
    "finding_error": ("Over all of them {errors}.", "合计：{errors}。"),
    "error_of": ("{measure} is off by {error}", "{measure}误差 {error}"),
    "calibrated_on": (
        "Calibrated on {trained}; held out {held}.",
        "以 {trained} 校准，以 {held} 检验。",
    ),
    "in_bands": ("Inside the bands", "落在区间内的情况"),
    "in_bands_line": (
        "{measure}: {in90} of {count} days inside the 90 % band, {in50} inside the 50 %",
        "{measure}：{count} 天中有 {in90} 天在 90% 区间内，{in50} 天在 50% 区间内",
    ),
    "in_bands_note": (
        "A model that is right would have 9 in 10 and 5 in 10 there.",
        "若模型正确，两者应分别为十分之九与十分之五。",
    ),
    "causes": ("What the error comes from", "误差从何而来"),
    "cause_line": (
        "{measure} {error}: most goes away with the real {part} ({size})",
        "{measure} {error}：换成实际的{part}后消失最多（{size}）",
    ),
    "cause_none": (
        "{measure} {error}: no input alone makes it smaller",
        "{measure} {error}：单独换任何一项都不会变小",
    ),
    "outside": ("Days outside", "区间外的日子"),
    "none_outside": (
        "No day's {measure} lies outside the 90 % band.",
        "没有一天的{measure}落在 90% 区间外。",
    ),
    "outside_line": (
        "{day}: {measure} {observed}, band {low} to {high}",
        "{day}：{measure} {observed}，区间 {low} 至 {high}",
    ),
    "charts": ("What happened, against the bands simulated before", "实际值与事先模拟的区间"),
    "granted": ("Taken for granted", "以下为假设"),
    "how": ("How it was done", "做法"),
    "foot": (
        "{replications} replications, seed {seed}; intervals of {minutes} minutes; simcenter {version}.",
        "模拟 {replications} 次，种子 {seed}；时段 {minutes} 分钟；simcenter {version}。",
    ),
    "error_note": (
        "Error: simulated less observed. A cause: what goes away when that input alone is taken as it really was; - where it already is, or nobody knows how it was. Causes need not add up.",
        "误差：模拟减实际。来源：仅将该项输入换成实际值后消失的部分；- 表示该项本来就取实际值，或实际值未知。各项之和不必等于总误差。",
    ),
    "part_volume": ("volume", "话务量"),
    "part_handle": ("handling", "处理时长"),
    "part_agents": ("agents", "坐席"),
    "part_patience": ("patience", "耐心"),
    "by_month": ("By month", "按月"),
    "coverage": (
        "How much of what happened lies inside the simulated bands",
        "实际值落在模拟区间内的比例",
    ),
    "error_split": ("The error of held-out days, and what it comes from", "检验期的误差及其来源"),
}
