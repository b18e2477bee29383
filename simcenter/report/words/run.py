"""The words of runs and of measured records."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["TABLE"]

TABLE: Mapping[str, tuple[str, str]] = {
    "title": (
        "{name}: {replications} replications (seed {seed}, engine {engine}, scenario {hash})",
        "{name}：模拟 {replications} 天（种子 {seed}，引擎 {engine}，场景 {hash}）",
    ),
    "title_one": (
        "{name}: 1 replication (seed {seed}, engine {engine}, scenario {hash})",
        "{name}：模拟 1 天（种子 {seed}，引擎 {engine}，场景 {hash}）",
    ),
    "title_observed": (
        "{name}: {contacts} observed contacts, {first} to {last}",
        "{name}：实际联络 {contacts} 个，{first} 到 {last}",
    ),
    "title_intervals": (
        "{name}: {rows} rows of an interval table, {first} to {last}",
        "{name}：时段表 {rows} 行，{first} 到 {last}",
    ),
    "not_told": ("a time that is not told", "未给出的时限"),
    "title_measured": (
        "{name}: {contacts} contacts in {replications} replication(s)",
        "{name}：{replications} 个模拟天共 {contacts} 个联络",
    ),
    "definitions": (
        "Service level: {service_level}, answered within {within}. Abandonment rate: {abandonment_rate}. Answer rate: {answer_rate}. Short: under {short} s. Contacts are booked by {booking}.",
        "服务水平：{service_level}，{within}内接通。放弃率：{abandonment_rate}。接通率：{answer_rate}。速挂：短于 {short} 秒。联络按{booking}计入时段。",
    ),
    "interval_note": (
        "± is the half-width of the {confidence} % confidence interval, [low, high] its ends where it is lopsided.",
        "± 为 {confidence}% 置信区间的半宽；不对称时，方括号内为下限与上限。",
    ),
    "whole": ("The whole, and by contact type", "全部，及按业务类型"),
    "by_interval": ("By interval", "按时段"),
    "by_day": ("By day", "按天"),
    "by_group": ("By agent group", "按坐席组"),
    "by": ("By {by}", "按{by}"),
    "total": ("total", "合计"),
    "measure": ("measure", "指标"),
    "start": ("start", "开始"),
    "day": ("day", "天"),
    "agent_group": ("agent group", "坐席组"),
    "month": ("month", "月份"),
    "weekday": ("weekday", "星期"),
    "interval": ("interval", "时段"),
    "contact_type": ("contact type", "业务类型"),
    "agent": ("agent", "坐席"),
    "observed": ("observed", "实际"),
    "simulated": ("simulated", "模拟"),
    "difference": ("difference", "差异"),
    "against": ("Observed beside simulated", "实际与模拟对照"),
    "warned": ("Take care:", "请注意："),
    "assumed": ("Assumed, because the scenario does not say:", "场景未说明而假定的内容："),
    "never_abandon": (
        "Callers never abandon: {types} has no patience in the scenario.",
        "客户从不放弃：场景未给出 {types} 的耐心。",
    ),
    "reported_day": (
        "Reported is {day}, one of {days} days that were simulated.",
        "以下只报告 {day}（共模拟 {days} 天）。",
    ),
    "progress": ("{done} of {of} replications", "{done} / {of} 个模拟天"),
    "progress_about": ("about {of}", "约 {of}"),
    "progress_unknown": ("?", "?"),
    "progress_left": ("{left} left", "剩余 {left}"),
    "stopped_precision": (
        "Every half-width asked for is reached: {goals}.",
        "所要求的误差都已达到：{goals}。",
    ),
    "stopped_max_replications": (
        "Stopped at the largest number of replications.",
        "已到模拟天数上限。",
    ),
    "stopped_max_seconds": ("Stopped at the end of the time given.", "已到时间上限。"),
    "stopped_interrupted": (
        "Interrupted: this is what the replications finished before say.",
        "已中断：以下为此前完成的模拟天的结果。",
    ),
    "not_reached": ("Not reached: {goals}.", "未达到：{goals}。"),
    "nothing": ("-", "-"),
    "gap": (" ", ""),
    "seconds": ("{seconds} s", "{seconds} 秒"),
    "variant_offered": ("offered", "按人工请求量"),
    "variant_answered": ("answered", "按接通量"),
    "variant_with_abandons": ("with abandons", "计入及时放弃"),
    "variant_net_of_quick_abandons": ("net of quick abandons", "剔除及时放弃"),
    "variant_net_of_short": ("net of short", "剔除速挂"),
    "variant_short_excluded": ("short excluded", "放弃量剔除速挂"),
    "booking_arrival": ("arrival", "到达时刻"),
    "booking_end": ("end", "结束时刻"),
    "minutes_left": ("{minutes} min {seconds} s", "{minutes} 分 {seconds} 秒"),
    "hours_left": ("{hours} h {minutes} min", "{hours} 小时 {minutes} 分"),
    "of_type": ("{seconds} ({type})", "{type} {seconds}"),
}
