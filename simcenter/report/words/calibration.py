"""The words of a calibration's page."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["TABLE"]

TABLE: Mapping[str, tuple[str, str]] = {
    "finding": (
        "{contacts} contacts of {days} days, {first} to {last}, became a scenario of {types}.",
        "{first} 至 {last} 共 {days} 天、{contacts} 个联络，已成为含{types}的场景。",
    ),
    "finding_types": ("{count} contact types", " {count} 种业务类型"),
    "finding_type": ("1 contact type", " 1 种业务类型"),
    "agrees": (
        "Played again, these days lose {simulated} of their callers, where {observed} were lost.",
        "重演这些日子，放弃率为 {simulated}，实际为 {observed}。",
    ),
    "wrote": ("The scenario: {path}", "场景文件：{path}"),
    "found": ("What was found", "校准结果"),
    "type_line": (
        "{type}: {volume} contacts on {key}; handled in {aht} on average; days vary by {cv}",
        "{type}：{key}共 {volume} 个联络；平均处理时长 {aht}；各日相差 {cv}",
    ),
    "type_patience": (
        "{type}: half would give up after {median}",
        "{type}：等待 {median} 后半数客户会放弃",
    ),
    "history": ("How well it meets history", "与历史的吻合程度"),
    "agreement": (
        "{type}: abandonment {abandonment} simulated, {observed_abandonment} observed; average speed of answer {asa} simulated, {observed_asa} observed",
        "{type}：放弃率仿真 {abandonment}，实际 {observed_abandonment}；平均应答速度仿真 {asa}，实际 {observed_asa}",
    ),
    "not_played": (
        "Patience was not matched by playing observed days again.",
        "未通过重演实际日子来选定耐心。",
    ),
    "next": (
        "Whether it also meets days that it has not seen is told by:",
        "对未见过的日子是否同样吻合，请用：",
    ),
    "odd": ("Days left out", "剔除的日子"),
    "no_odd": (
        "None: every day with records counts as ordinary.",
        "没有：有记录的日子都算作普通日。",
    ),
    "unusual": (
        "{date} ({key}): {contacts} contacts, {ratio} of the usual",
        "{date}（{key}）：{contacts} 个联络，为平常的 {ratio}",
    ),
    "outage": (
        "{date}, {start}-{end}: nobody came where {expected} were expected",
        "{date}，{start}-{end}：应有 {expected} 个，实际没有",
    ),
    "check": ("Check it", "校验"),
    "judge": ("Judge the roster of the scenario:", "判断该场景的排班："),
    "parameters": ("Every parameter", "全部参数"),
    "parameter": ("parameter", "参数"),
    "value": ("value", "取值"),
    "low": ("from", "下限"),
    "high": ("to", "上限"),
    "sample": ("sample", "样本量"),
    "how": ("how it was got", "方法"),
    "parameters_note": (
        "“from” and “to” are the ends of the 95 % interval; the sample is the number of contacts, days or intervals behind it. Of the three largest contact types drawings stand above, of arrivals those of the busiest kind of day; --plots draws all.",
        "上下限为 95% 区间的两端；样本量为所依据的联络数、天数或时段数。上文只画最大的三种业务类型，到达量只画最忙的一类日子；--plots 画出全部。",
    ),
    "agents": ("Agents", "坐席"),
    "group": ("agent group", "坐席组"),
    "types": ("contact types", "业务类型"),
    "people": ("people seen", "出现人数"),
    "hours": ("hours", "工时"),
    "most": ("most at once", "最多同时在岗"),
    "agent_note": ("Agents: {source}.", "坐席：{source}。"),
    "assumed": ("What was assumed", "假定了什么"),
    "nothing_assumed": ("Nothing beyond the records.", "除记录外没有假定。"),
    "foot": (
        "From {source}; {contacts} contacts, {first} to {last}; intervals of {minutes} minutes; simcenter {version}.",
        "来自 {source}；{first} 至 {last} 共 {contacts} 个联络；时段 {minutes} 分钟；simcenter {version}。",
    ),
}
