"""The names under which switches and planners write what an import needs, English and 中文.

A heading is brought to a plain form (lower case, words apart, unit in brackets taken off);
each role has patterns of it, the surest first. The list is data: another switch's heading
is one more line.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["CONTACT_ROLES", "Heading", "headings", "rated"]

UNITS = (
    ("milliseconds", r"\bms\b|\bmillis(econds?)?\b|毫秒"),
    ("seconds", r"\bs\b|\bsecs?\b|\bseconds?\b|秒"),
    ("minutes", r"\bmins?\b|\bminutes?\b|分钟|分$"),
    ("hours", r"\bhours?\b|\bhrs?\b|\bh\b|小时"),
    ("percent", r"%|\bpct\b|\bper ?cent\b|百分比"),
)
TRADITIONAL = str.maketrans(
    "時間來電話聽棄數總長處後應進線轉務隊員錄業類標準齊請損斷題號結開鐘歷",
    "时间来电话听弃数总长处后应进线转务队员录业类标准齐请损断题号结开钟历",
)
"""Signs of headings as Taiwan and Hong Kong write them."""
SURE, LIKELY, PERHAPS = 0.95, 0.8, 0.6


@dataclass(frozen=True)
class Heading:
    """A column's name: as written, in plain words, and the unit it names."""

    name: str
    plain: str
    unit: str | None


def headings(names: Sequence[str]) -> list[Heading]:
    """Return the headings in plain words; what most of many names begin or end with is cut off.

    Examples
    --------
    >>> [h.plain for h in headings(["CallsOffered", "Talk Time (min)", "平均处理时长(秒)"])]
    ['calls offered', 'talk time', '平均处理时长']
    """
    plain = [_plain(name) for name in names]
    words = [_without_common(text.split(), plain) for text, _ in plain]
    return [
        Heading(name, " ".join(kept), unit)
        for name, kept, (_, unit) in zip(names, words, plain, strict=True)
    ]


def _plain(name: str) -> tuple[str, str | None]:
    text = unicodedata.normalize("NFKC", name).strip().translate(TRADITIONAL)
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).lower()
    unit = _unit(text)
    text = re.sub(r"\([^)]*\)|\[[^]]*\]", " ", text)
    text = re.sub(r"\b(in|as) (secs?|seconds?|mins?|minutes?|hours?)\b", " ", text)
    text = re.sub(r"[_\-./:#*%\"']+", " ", text)
    text = re.sub(r"\b(s|secs?|seconds|mins|minutes)$", " ", text)
    return " ".join(_without_accents(text).split()), unit


def _without_accents(text: str) -> str:
    """Return Latin letters without their accents, so that patterns need none."""
    parts = unicodedata.normalize("NFD", text)
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def _unit(text: str) -> str | None:
    for brackets in re.findall(r"[(\[]([^)\]]*)[)\]]", text):
        for unit, pattern in UNITS if not re.search(r"\d", brackets) else ():
            if re.search(pattern, brackets):
                return unit
    tail = re.sub(r"[_\-]", " ", text).strip()
    if tail.startswith("%"):
        return "percent"
    if re.search(r"\d ?(?:s|secs?|seconds?)\)?$", tail):
        return None  # "service level 20 seconds" names a threshold and no unit
    for unit, pattern in UNITS:
        if re.search(rf"(?:\bin |[ ])(?:{pattern})\)?$", tail) or tail.endswith("%"):
            return unit if not tail.endswith("%") else "percent"
    return None


def _without_common(words: list[str], plain: Sequence[tuple[str, str | None]]) -> list[str]:
    """Cut off first and last words that half of many columns share, such as "Nhs1 … SUM"."""
    if len(plain) < 10:
        return words
    first = Counter(text.split()[0] for text, _ in plain if text)
    last = Counter(text.split()[-1] for text, _ in plain if text)
    if len(words) > 1 and first[words[0]] > len(plain) / 2:
        words = words[1:]
    if len(words) > 1 and last[words[-1]] > len(plain) / 2:
        words = words[:-1]
    return words


def rated(plain: str, patterns: Sequence[tuple[float, str]]) -> float:
    """Return how surely a plain heading has a role: 0 to 1."""
    return max((sure for sure, pattern in patterns if re.fullmatch(pattern, plain)), default=0.0)


Roles = dict[str, tuple[tuple[float, str], ...]]

CONTACT_ROLES: Roles = {
    "date": (
        (SURE, r"(?:(?:call|contact|arrival|start) ?)?date|日期|统计日期|(?:来电|呼入|通话|呼叫)日期"),
        (LIKELY, r"day|month|month year|period(?: ?name)?|月份|统计日期|时间段日期"),
    ),
    "arrival": (
        (SURE, r"arrival(?: time)?|(?:call|contact) (?:arrival|start)(?: time)?|来电时间|呼入时间"),
        (SURE, r"(?:call|contact) (?:date )?time|(?:进线|到达|呼叫)时间|initiation timestamp"),
        (LIKELY, r"start(?:ed)?(?: (?:time|at|date ?time))?|date ?time|time ?stamp|开始时间|时间"),
        (LIKELY, r"call ?date"),
        (PERHAPS, r"time|created(?: at)?|received(?: at)?|call received|offered at"),
    ),
    "queue_entry": (
        (SURE, r"queue (?:entry|start|enter)(?:ed)?(?: time)?|enqueued?(?: time(?:stamp)?| at)?"),
        (SURE, r"(?:进入队列|入队|排队开始|转人工|开始排队)时间"),
    ),
    "answer": (
        (SURE, r"answer|(?:answer|connect|pick ?up)(?:ed)?(?: (?:time|at|timestamp))|(?:接通|应答|接听)时间"),
    ),
    "ended": (
        (SURE, r"(?:call |contact )?end(?:ed)?(?: (?:time|at|date ?time))?|(?:结束|挂机|挂断)时间"),
        (SURE, r"(?:hang ?up|disconnect|release)(?:ed)?(?: (?:time|at|timestamp))?|通话结束时间"),
    ),
    "wait_s": (
        (SURE, r"(?:queue|wait(?:ing)?|hold in queue) ?(?:time|duration|seconds)?|speed of answer"),
        (SURE, r"time (?:in|to) (?:queue|answer)|(?:等待|排队|应答)(?:时长|秒数|时间)?|asa"),
    ),
    "ring_s": ((SURE, r"ring(?:ing)? ?(?:time|duration)?|振铃(?:时长|时间|秒数)?"),),
    "talk_s": (
        (SURE, r"(?:avg|average)? ?talk ?(?:time|duration)?|conversation(?: time)?|(?:通话|服务)(?:时长|秒数)"),
        (LIKELY, r"(?:call |service |interaction )(?:duration|time|length)|billsec|handle time|aht"),
        (PERHAPS, r"duration|length|时长"),
    ),
    "hold_s": ((SURE, r"(?:customer )?hold ?(?:time|duration)?|(?:保持|静音)(?:时长|时间|秒数)?"),),
    "wrap_s": (
        (SURE, r"(?:wrap(?: ?up)?|acw|after call work)(?: ?(?:time|duration))?"),
        (SURE, r"(?:话后|案头|事后|话后处理|整理)(?:时长|时间|秒数|处理时长)?"),
    ),
    "ivr_s": ((SURE, r"(?:ivr|vru) ?(?:time|duration)?|(?:ivr|自助|语音) ?(?:时长|时间)"),),
    "outcome": (
        (SURE, r"(?:call )?(?:outcome|disposition|status|result)|answered|is answered|(?:是否)?接通|接通状态"),
        (SURE, r"(?:呼叫|通话|来电)(?:结果|状态)|结果|状态|是否(?:接听|应答|放弃)|abandoned"),
    ),
    "contact_type": (
        (SURE, r"queue(?: name)?|skill(?: ?(?:group|set|name))?|call type|contact type|split|vdn"),
        (SURE, r"(?:技能组|队列|业务类型|来电类型|业务|服务类型|技能)(?:名称)?"),
        (LIKELY, r"topic|type|service|reason|category|line of business|lob|主题|类型|类别"),
    ),
    "agent": (
        (SURE, r"agent(?: ?(?:name|id|login))?|operator|csr|representative|(?:座席|坐席|客服|话务员)(?:工号|姓名|编号|名称)?"),
        (LIKELY, r"user(?:name)?|employee|advisor|server|工号|员工"),
    ),
    "group": ((LIKELY, r"(?:agent )?(?:group|team)|班组|组别|团队"),),
    "caller_id": (
        (SURE, r"caller(?: ?(?:id|number|no))?|ani|(?:phone|customer) ?(?:number|id|no)|主叫(?:号码)?|客户(?:号码|编号|号)|来电号码"),
    ),
    "priority": ((SURE, r"priority|优先级"),),
    "channel": ((SURE, r"channel|media(?: type)?|渠道|媒体类型"),),
}  # fmt: skip
