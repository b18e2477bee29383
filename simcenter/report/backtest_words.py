"""The words of backtests and forecasts, in English and 中文."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["BACKTEST_WORDS"]

ENGLISH = {
    "month": "month",
    "measure": "measure",
    "observed": "observed",
    "simulated": "simulated",
    "nothing": "-",
    "day": "day",
    "total": "total",
    "contact_type": "contact type",
    "backtest_title": "Backtest: calibrated on {trained}, held out {held}",
    "backtest_how": (
        "{volumes} {agents} {replications} replications (seed {seed}). Service level: offered, "
        "answered within {within} s."
    ),
    "volumes_actual": "Contacts enter the queue when they did.",
    "volumes_calibrated": "Volumes are those of the same kind of day in the calibration.",
    "volumes_forecast": "Volumes are a forecast that knows the calibration's days alone.",
    "agents_recorded": "Agents are those whom the held-out records show.",
    "agents_calibrated": "Agents are as many as the same kind of day had in the calibration.",
    "backtest_own": (
        "After a contact an agent is ready in {mean} s on average ({gaps} gaps). The calibration's "
        "own days: answer rate {answered}, simulated {answered_in}; ASA {asa}, simulated {asa_in}."
    ),
    "backtest_between": (
        "Handling differs by {level} % between weeks, by {handle} % between days, and by {agents} % "
        "between agents; the hazard of giving up by {patience} % between days."
    ),
    "by_month": "By month",
    "band": "{share} % band",
    "inside": "in {share} %",
    "inside50": "in 50 %",
    "inside90": "in 90 %",
    "coverage": "How much of what happened lies inside the simulated bands",
    "intervals": "intervals",
    "days": "days",
    "outside_days": "Days whose ASA lies outside the 90 % band ({count}; the {shown} furthest)",
    "error": "error",
    "error_split": "The error of held-out days, and what it comes from",
    "part_volume": "volume",
    "part_handle": "handling",
    "part_agents": "agents",
    "part_patience": "patience",
    "error_note": (
        "Error: simulated less observed. A cause: what goes away when that input alone is taken "
        "as it really was; - where it already is. Causes need not add up."
    ),
    "taken_for_granted": "Taken for granted:",
    "forecast_title": "Forecast of {dates} from {history}",
    "forecast_supplied": "{name} against what came, {dates}",
    "forecast_types": "By contact type",
    "forecast_sum": "expected",
    "forecast_cv": "day factor cv",
    "forecast_trend": "trend a week",
    "forecast_left_out": "days left out",
    "forecast_periods": "periods",
    "forecast_fit": "forecast fit",
    "forecast_wape": "WAPE",
    "forecast_bias": "bias",
    "forecast_hit": "within 10 %",
    "months": "months",
}

CHINESE = {
    "month": "月份",
    "measure": "指标",
    "observed": "实际",
    "simulated": "模拟",
    "nothing": "-",
    "day": "日期",
    "total": "合计",
    "contact_type": "业务类型",
    "backtest_title": "回测:以 {trained} 校准,以 {held} 检验",
    "backtest_how": (
        "{volumes}{agents}模拟 {replications} 次(种子 {seed})。服务水平:{within} 秒内接通量 / 人工请求量。"
    ),
    "volumes_actual": "来电按实际进入队列的时刻。",
    "volumes_calibrated": "话务量取校准期内同类日子的水平。",
    "volumes_forecast": "话务量取仅由校准期得出的预测。",
    "agents_recorded": "坐席取检验期记录所示的在岗情况。",
    "agents_calibrated": "坐席取校准期内同类日子的人数。",
    "backtest_own": (
        "坐席每次服务后平均 {mean} 秒恢复可用({gaps} 个间隔)。校准期自身:接通率实际 {answered},"
        "模拟 {answered_in};平均应答速度实际 {asa},模拟 {asa_in}。"
    ),
    "backtest_between": (
        "处理时长各周之间相差 {level} %,各日之间 {handle} %,坐席之间 {agents} %;"
        "放弃强度各日之间 {patience} %(变异系数)。"
    ),
    "by_month": "按月",
    "band": "{share} % 区间",
    "inside": "在 {share} % 内",
    "inside50": "50 % 内",
    "inside90": "90 % 内",
    "coverage": "实际值落在模拟区间内的比例",
    "intervals": "时段",
    "days": "天",
    "outside_days": "平均应答速度落在 90 % 区间外的日子(共 {count} 天;列出最远的 {shown} 天)",
    "error": "误差",
    "error_split": "检验期的误差及其来源",
    "part_volume": "话务量",
    "part_handle": "处理时长",
    "part_agents": "坐席",
    "part_patience": "耐心",
    "error_note": (
        "误差:模拟减实际。来源:仅将该项输入换成实际值后消失的部分;- 表示该项本来就取实际值。各项之和不必等于总误差。"
    ),
    "taken_for_granted": "以下为假设:",
    "forecast_title": "{dates} 的预测,依据 {history}",
    "forecast_supplied": "{name} 与实际对比,{dates}",
    "forecast_types": "按业务类型",
    "forecast_sum": "预测量",
    "forecast_cv": "日波动系数",
    "forecast_trend": "每周趋势",
    "forecast_left_out": "剔除天数",
    "forecast_periods": "期数",
    "forecast_fit": "预测拟合度",
    "forecast_wape": "加权误差",
    "forecast_bias": "偏差",
    "forecast_hit": "±10 % 内",
    "months": "月",
}

BACKTEST_WORDS: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "zh": CHINESE}
