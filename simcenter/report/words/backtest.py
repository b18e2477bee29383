"""The words of backtests and forecasts."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["TABLE"]

TABLE: Mapping[str, tuple[str, str]] = {
    "month": ("month", "月份"),
    "measure": ("measure", "指标"),
    "observed": ("observed", "实际"),
    "simulated": ("simulated", "模拟"),
    "nothing": ("-", "-"),
    "day": ("day", "日期"),
    "total": ("total", "合计"),
    "contact_type": ("contact type", "业务类型"),
    "backtest_title": (
        "Backtest: calibrated on {trained}, held out {held}",
        "回测：以 {trained} 校准，以 {held} 检验",
    ),
    "backtest_how": (
        "{volumes} {agents} {replications} replications (seed {seed}).",
        "{volumes}{agents}模拟 {replications} 次（种子 {seed}）。",
    ),
    "backtest_level": (
        "Service level: offered, answered within {within} s.",
        "服务水平：{within} 秒内接通量 / 人工请求量。",
    ),
    "volumes_actual": ("Contacts enter the queue when they did.", "来电按实际进入队列的时刻。"),
    "volumes_as_told": (
        "In each interval as many contacts enter the queue as did, at instants drawn.",
        "各时段进入队列的来电与实际一样多，时刻抽取。",
    ),
    "volumes_calibrated": (
        "Volumes are those of the same kind of day in the calibration.",
        "话务量取校准期内同类日子的水平。",
    ),
    "volumes_forecast": (
        "Volumes are a forecast that knows the calibration's days alone.",
        "话务量取仅由校准期得出的预测。",
    ),
    "agents_recorded": (
        "Agents are those whom the held-out records show.",
        "坐席取检验期记录所示的在岗情况。",
    ),
    "agents_as_told": (
        "Agents are as many as the held-out intervals tell.",
        "坐席取检验期各时段所报的人数。",
    ),
    "agents_sought": (
        "The table tells no agents: they are as many, by kind of day, as the calibration's waits need, so ASA is no test of staffing.",
        "表中没有坐席人数：按日子类别取校准期的等待所需的人数，因此平均应答速度不能检验排班。",
    ),
    "agents_calibrated": (
        "Agents are as many as the same kind of day had in the calibration.",
        "坐席取校准期内同类日子的人数。",
    ),
    "backtest_ready": (
        "After a contact an agent is ready in {mean} s on average if somebody waits, in {quiet} s if nobody does ({contacts} contacts).",
        "坐席每次服务后恢复可用的平均时间：有人排队时 {mean} 秒，无人排队时 {quiet} 秒（{contacts} 个联络）。",
    ),
    "backtest_own": ("The calibration's own days: {parts}.", "校准期自身：{parts}。"),
    "backtest_own_part": (
        "{measure} {observed}, simulated {simulated}",
        "{measure}实际 {observed}，模拟 {simulated}",
    ),
    "and_then": ("; ", "；"),
    "backtest_between": (
        "Handling differs by {level} % between weeks and by {handle} % between days, the hazard of giving up by {patience} % between days.",
        "处理时长各周之间相差 {level}%，各日之间 {handle}%；放弃强度各日之间相差 {patience}%（变异系数）。",
    ),
    "backtest_crowd": (
        "Callers who find at least {crowd} waiting have a patience of their own.",
        "进入队列时已有至少 {crowd} 人等待的来电者，其耐心另行估计。",
    ),
    "backtest_pace": (
        "Agents keep the pace of the calibration's days; they differ by {agents} %.",
        "坐席保持校准期各自的节奏，彼此相差 {agents}%。",
    ),
    "by_month": ("By month", "按月"),
    "band": ("{share} % band", "{share}% 区间"),
    "inside": ("in {share} %", "在 {share}% 内"),
    "inside50": ("in 50 %", "50% 内"),
    "inside90": ("in 90 %", "90% 内"),
    "coverage": (
        "How much of what happened lies inside the simulated bands",
        "实际值落在模拟区间内的比例",
    ),
    "intervals": ("intervals", "时段"),
    "days": ("days", "天"),
    "outside_days": (
        "Days whose {measure} lies outside the 90 % band ({count}; the {shown} furthest)",
        "{measure}落在 90% 区间外的日子（共 {count} 天；列出最远的 {shown} 天）",
    ),
    "error": ("error", "误差"),
    "error_split": ("The error of held-out days, and what it comes from", "检验期的误差及其来源"),
    "part_volume": ("volume", "话务量"),
    "part_handle": ("handling", "处理时长"),
    "part_agents": ("agents", "坐席"),
    "part_patience": ("patience", "耐心"),
    "error_note": (
        "Error: simulated less observed. A cause: what goes away when that input alone is taken as it really was; - where it already is, or nobody knows how it was. Causes need not add up.",
        "误差：模拟减实际。来源：仅将该项输入换成实际值后消失的部分；- 表示该项本来就取实际值，或实际值未知。各项之和不必等于总误差。",
    ),
    "taken_for_granted": ("Taken for granted:", "以下为假设："),
    "forecast_title": ("Forecast of {dates} from {history}", "{dates} 的预测，依据 {history}"),
    "forecast_supplied": ("{name} against what came, {dates}", "{name} 与实际对比，{dates}"),
    "forecast_types": ("By contact type", "按业务类型"),
    "forecast_sum": ("expected", "预测量"),
    "forecast_cv": ("day factor cv", "日波动系数"),
    "forecast_trend": ("trend a week", "每周趋势"),
    "forecast_left_out": ("days left out", "剔除天数"),
    "forecast_periods": ("periods", "期数"),
    "forecast_fit": ("forecast fit", "预测拟合度"),
    "forecast_wape": ("WAPE", "加权误差"),
    "forecast_bias": ("bias", "偏差"),
    "forecast_hit": ("within 10 %", "±10% 内"),
    "months": ("months", "月"),
    "gap": (" ", ""),
    "forecast": ("Forecast", "预测"),
}
