"""The words of a calibration's page, in English and in Chinese, and its sentences in Chinese.

A calibration tells in English how each parameter was got and what was assumed. `said_of` finds
each of these sentences by its pattern and says it in Chinese; a test makes every one of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["CALIBRATION", "said_of"]

ENGLISH = {
    "finding": (
        "{contacts} contacts of {days} days, {first} to {last}, became a scenario of {types}."
    ),
    "finding_types": "{count} contact types",
    "finding_type": "1 contact type",
    "agrees": (
        "Played again, these days lose {simulated} of their callers, where {observed} were lost."
    ),
    "wrote": "The scenario: {path}",
    "found": "What was found",
    "type_line": (
        "{type}: {volume} contacts on {key}; handled in {aht} on average; days vary by {cv}"
    ),
    "type_patience": "{type}: half would give up after {median}",
    "history": "How well it meets history",
    "agreement": (
        "{type}: abandonment {abandonment} simulated, {observed_abandonment} observed; average "
        "speed of answer {asa} simulated, {observed_asa} observed"
    ),
    "not_played": "Patience was not matched by playing observed days again.",
    "next": "Whether it also meets days that it has not seen is told by:",
    "odd": "Days left out",
    "no_odd": "None: every day with records counts as ordinary.",
    "unusual": "{date} ({key}): {contacts} contacts, {ratio} of the usual",
    "outage": "{date}, {start}-{end}: nobody came where {expected} were expected",
    "check": "Check it",
    "judge": "Judge the roster of the scenario:",
    "parameters": "Every parameter",
    "parameter": "parameter",
    "value": "value",
    "low": "from",
    "high": "to",
    "sample": "sample",
    "how": "how it was got",
    "parameters_note": (
        "“from” and “to” are the ends of the 95 % interval; the sample is the number of contacts, "
        "days or intervals behind it. Of the three largest contact types drawings stand above, of "
        "arrivals those of the busiest kind of day; --plots draws all."
    ),
    "agents": "Agents",
    "group": "agent group",
    "types": "contact types",
    "people": "people seen",
    "hours": "hours",
    "most": "most at once",
    "agent_note": "Agents: {source}.",
    "assumed": "What was assumed",
    "nothing_assumed": "Nothing beyond the records.",
    "foot": (
        "From {source}; {contacts} contacts, {first} to {last}; intervals of {minutes} minutes; "
        "simcenter {version}."
    ),
}

CHINESE = {
    "finding": "{first} 至 {last} 共 {days} 天、{contacts} 个联络,已成为含{types}的场景。",
    "finding_types": " {count} 种业务类型",
    "finding_type": " 1 种业务类型",
    "agrees": "重演这些日子,放弃率为 {simulated},实际为 {observed}。",
    "wrote": "场景文件:{path}",
    "found": "校准结果",
    "type_line": "{type}:{key}共 {volume} 个联络;平均处理时长 {aht};各日相差 {cv}",
    "type_patience": "{type}:等待 {median} 后半数客户会放弃",
    "history": "与历史的吻合程度",
    "agreement": (
        "{type}:放弃率仿真 {abandonment},实际 {observed_abandonment};"
        "平均应答速度仿真 {asa},实际 {observed_asa}"
    ),
    "not_played": "未通过重演实际日子来选定耐心。",
    "next": "对未见过的日子是否同样吻合,请用:",
    "odd": "剔除的日子",
    "no_odd": "没有:有记录的日子都算作普通日。",
    "unusual": "{date}({key}):{contacts} 个联络,为平常的 {ratio}",
    "outage": "{date},{start}-{end}:应有 {expected} 个,实际没有",
    "check": "校验",
    "judge": "判断该场景的排班:",
    "parameters": "全部参数",
    "parameter": "参数",
    "value": "取值",
    "low": "下限",
    "high": "上限",
    "sample": "样本量",
    "how": "方法",
    "parameters_note": (
        "上下限为 95% 区间的两端;样本量为所依据的联络数、天数或时段数。上文只画最大的三种业务类型,到达量只画最忙的一类日子;--plots 画出全部。"
    ),
    "agents": "座席",
    "group": "座席组",
    "types": "业务类型",
    "people": "出现人数",
    "hours": "工时",
    "most": "最多同时在岗",
    "agent_note": "座席:{source}。",
    "assumed": "假定了什么",
    "nothing_assumed": "除记录外没有假定。",
    "foot": (
        "来自 {source};{first} 至 {last} 共 {contacts} 个联络;时段 {minutes} 分钟;simcenter {version}。"
    ),
}

CALIBRATION: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "zh": CHINESE}

FAMILIES = {
    "exponential": "指数分布",
    "lognormal": "对数正态分布",
    "gamma": "伽马分布",
    "weibull": "韦布尔分布",
    "hyperexponential": "超指数分布",
    "empirical": "经验分布",
    "constant": "常数",
    "pieces": "分段风险率",
}

SENTENCES = (
    # how a parameter was got
    (r"mean of (\d+) ordinary days, all intervals", r"\1 个普通日的平均,全部时段"),
    (r"negative binomial likelihood, adjusted for the means", "负二项似然,按均值校正"),
    (
        r"negative binomial likelihood, adjusted for the means: too few days, taken as 0",
        "负二项似然,按均值校正:天数太少,取 0",
    ),
    (r"mean over answered contacts", "接通联络的平均"),
    (r"mean over that of all", "与全体平均之比"),
    (r"share of contacts that came in", "占呼入量的比例"),
    (r"mean of recorded IVR times", "记录的 IVR 时长的平均"),
    (r"(\w+), likelihood", r"\1,最大似然"),
    (r"observed values", "实际值"),
    (r"share below 10 s beyond the family", "10 秒以下、超出该分布的比例"),
    (r"(\w+), censored likelihood", r"\1,删失最大似然"),
    (r"Kaplan-Meier, Greenwood's band", "Kaplan-Meier 曲线,Greenwood 区间"),
    (r"left at once, beyond the hazard just after", "立即放弃、超出随后放弃强度的比例"),
    (
        r"time waited / abandonments \(censored likelihood of the exponential\)",
        "总等待时间 / 放弃量(指数分布的删失似然)",
    ),
    (r"same caller again within (\d+) min", r"同一客户在 \1 分钟内再次呼入"),
    (r"abandonment and ASA matched by simulation", "以仿真匹配放弃率与平均应答速度"),
    (r"not told by totals", "汇总数据未说明"),
    (r"given", "给定"),
    (r"total handle time / answered, interval over days", "总处理时长 / 接通量,区间按天"),
    (r"lognormal, cv assumed", "对数正态分布,变异系数为假定"),
    (r"exponential, assumed", "指数分布,假定"),
    # how the agents were got
    (r"read from the activity table: handling or available", "取自座席活动表:处理中或空闲等待"),
    (
        r"inferred from the contacts: present from first answer to last release, but for gaps "
        r"over (\S+) min or two minutes of queue",
        r"由联络推断:自首次接听至末次结束在岗,间隔超过 \1 分钟或有人排队两分钟者除外",
    ),
    (r"from the seconds that agents were signed in", "取自座席签入秒数"),
    (
        r"told for (.+); else the offered load and a multiple of its root",
        r"\1 有记录;其余为流入话务量加其平方根的倍数",
    ),
    (
        r"not told: the offered load and a multiple of its root",
        "无记录:流入话务量加其平方根的倍数",
    ),
    # what was assumed
    (r"(contact_types\..+): (\d+) contacts only; left out", r"\1:仅 \2 个联络,已剔除"),
    (
        r"(contact_types\..+): (\d+) abandoned, but how long they waited is not recorded; here none does",
        r"\1:\2 个放弃,但未记录等待时长;此处无人放弃",
    ),
    (
        r"(contact_types\..+): nobody left the queue; callers never abandon",
        r"\1:无人离开队列;客户从不放弃",
    ),
    (
        r"(contact_types\..+): too few abandonments; all types together",
        r"\1:放弃太少,以全部类型合并估计",
    ),
    (
        r"(contact_types\..+): too few answered; all types together",
        r"\1:接通太少,以全部类型合并估计",
    ),
    (r"(contact_types\..+): none is recorded; 0", r"\1:无记录,取 0"),
    (
        r"(contact_types\..+): (\d+) contacts outside them are left out",
        r"\1:时段以外的 \2 个联络已剔除",
    ),
    (
        r"(contact_types\..+): (\d+) blocked contacts are left out; lines are unlimited",
        r"\1:\2 个遇忙联络已剔除;线路不限",
    ),
    (r"(contact_types\..+): (\S+) s were given, not estimated", r"\1:\2 秒为给定值,非估计"),
    (
        r"(contact_types\..+): only the mean is told; lognormal with cv (\S+)",
        r"\1:只有平均值;对数正态分布,变异系数 \2",
    ),
    (r"(contact_types\..+): not told apart; 0 beside talk", r"\1:未单独记录;并入通话,取 0"),
    (
        r"(contact_types\..+): no agents are told; the offered load and a multiple of its root",
        r"\1:无座席记录;取流入话务量加其平方根的倍数",
    ),
    (
        r"(contact_types\..+): no abandoned are told; callers never abandon",
        r"\1:无放弃记录;客户从不放弃",
    ),
)
"""Patterns of what a calibration says, and the same in Chinese."""


def said_of(sentence: str, language: str) -> str:
    """Return a sentence of a calibration in a language; one that is not known stays as it is.

    Examples
    --------
    >>> said_of("mean of 4 ordinary days, all intervals", "zh")
    '4 个普通日的平均,全部时段'
    """
    if language == "en":
        return sentence
    if sentence in FAMILIES:
        return FAMILIES[sentence]
    for pattern, chinese in SENTENCES:
        found = re.fullmatch(pattern, sentence)
        if found is not None:
            parts = found.expand(chinese)
            first = sentence.partition(",")[0]
            return parts.replace(first, FAMILIES[first], 1) if first in FAMILIES else parts
    return sentence
