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

__all__ = ["CONTACT_ROLES", "INTERVAL_ROLES", "Heading", "headings", "rated"]

UNITS = (
    ("milliseconds", r"\bms\b|\bmillis(econds?)?\b|毫秒"),
    ("seconds", r"\bs\b|\bsecs?\b|\bseconds?\b|秒"),
    ("minutes", r"\bmins?\b|\bminutes?\b|分钟|分$"),
    ("hours", r"\bhours?\b|\bhrs?\b|小时"),
    ("percent", r"%|\bpct\b|\bper ?cent\b|百分比"),
)
SURE, LIKELY, PERHAPS = 0.95, 0.8, 0.6
CALLS = r"(?:(?:calls?|contacts?|interactions?|chats?) )?"
OF = r"(?:number |total |no |count |num )?(?:of )?"
AVERAGE = r"(?:average|avg|ave|mean) ?"


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
    text = unicodedata.normalize("NFKC", name).strip()
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).lower()
    unit = _unit(text)
    text = re.sub(r"\([^)]*\)|\[[^]]*\]", " ", text)
    text = re.sub(r"\b(in|as) (secs?|seconds?|mins?|minutes?|hours?)\b", " ", text)
    text = re.sub(r"[_\-./:#*%\"']+", " ", text)
    text = re.sub(r"\b(s|secs?|seconds|mins|minutes)$", " ", text)
    return " ".join(text.split()), unit


def _unit(text: str) -> str | None:
    for brackets in re.findall(r"[(\[]([^)\]]*)[)\]]", text):
        for unit, pattern in UNITS:
            if re.search(pattern, brackets):
                return unit
    tail = re.sub(r"[_\-]", " ", text)
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

INTERVAL_ROLES: Roles = {
    "date": CONTACT_ROLES["date"],
    "start": (
        (SURE, r"(?:interval|period|slot)(?: start)?(?: time)?|start(?: time)?|half hour|时段|时间段|时间间隔|开始时间"),
        (LIKELY, r"time|date ?time|time ?stamp|hour|begin(?: time)?|时间|小时|统计时间|统计时段"),
    ),
    "minutes": ((LIKELY, r"interval (?:length|minutes)|minutes|间隔(?:分钟)?"),),
    "queue": (
        *CONTACT_ROLES["contact_type"],
        (PERHAPS, r"provider name|site|location|(?:contact|call) cent(?:re|er)|department|部门|中心"),
    ),
    "offered": (
        (SURE, rf"{OF}{CALLS}offered(?: {CALLS.strip()})?|offered(?: calls?)?|人工请求量|进线量|人工呼入量|进线总量"),
        (SURE, r"人工请求量\(进线量\)|进线数|请求量|人工进线量|总进线量"),
        (LIKELY, r"(?:inbound|incoming|received|presented|total) ?(?:calls?|contacts?)|calls? (?:in|received|presented)|(?:呼入|来电)(?:总?量|总?数)"),
        (PERHAPS, r"calls?|contacts?|volume|call volume|count|话务量|总量"),
    ),
    "answered": (
        (SURE, rf"{OF}{CALLS}(?:answered|handled)|(?:answered|handled) calls?(?: \w*sum)?|(?:总)?接[通听起](?:总?量|总?数)|应答(?:量|数)"),
        (SURE, r"人工接[通听](?:总?量|总?数)|acd calls?|总接听量|接通量"),
    ),
    "abandoned": (
        (SURE, rf"{OF}{CALLS}(?:abandon(?:ed|s|ment)?|aband|lost)|(?:abandoned|aband|lost) calls?|放弃(?:总?量|总?数)|呼损[量数]"),
        (SURE, r"排队放弃(?:量|数)|人工放弃(?:量|数)|未接(?:通)?[量数]"),
    ),
    "short_abandoned": (
        (SURE, rf"(?:{CALLS}short aband\w*|short aband\w*(?: calls?)?)|(?:客户)?速挂[量数]|短时?放弃[量数]"),
    ),
    "answered_in_target": (
        (SURE, rf"{CALLS}answered (?:within|in|under|<=?)? ?(?:target|sla|threshold|\d+ ?(?:s|sec|secs|seconds)?)(?: ?calls?)?"),
        (SURE, r"(?:\d+|t) ?秒内?(?:人工)?接[通听][量数]|达标接[通听][量数]|calls? within (?:sla|target|service level)"),
    ),
    "service_level": (
        (SURE, r"(?:service level|sla|sl|tsf|gos|service factor)(?: ?\d+)?(?: ?(?:rate|percent(?:age)?))?|服务水平|\d+ ?秒(?:内)?接通率|服务水平达成率"),
    ),
    "wait_answered_mean": (
        (SURE, rf"asa|{AVERAGE}(?:speed ?(?:of |to )?answer|wait(?:ing)?(?: time)?(?: answered)?|queue time|answer time|time to answer)|平均(?:应答速度|等待(?:时长|时间)|排队(?:时长|时间)|应答时长)"),
        (SURE, r"average speedof answer|平均接通等待(?:时长|时间)"),
    ),
    "wait_answered_s": ((SURE, r"(?:total )?(?:answer(?:ed)?|acd) ?(?:wait|delay|queue)(?: time)?|(?:接通)?等待总时长"),),
    "wait_abandoned_mean": (
        (SURE, rf"{AVERAGE}(?:time to abandon|aband\w* ?(?:time|delay|wait(?: time)?)|delay to abandon)|平均放弃(?:等待)?(?:时长|时间)"),
    ),
    "wait_abandoned_s": ((SURE, r"(?:total )?aband\w* ?(?:wait|delay|time)|放弃(?:等待)?总时长"),),
    "handle_mean": (
        (SURE, rf"aht|{AVERAGE}hand(?:le|ling)(?: time)?|平均处理(?:时长|时间)"),
        (PERHAPS, rf"{AVERAGE}(?:episode|call|contact)(?: (?:length|duration))"),
    ),
    "handle_s": ((SURE, r"(?:total )?hand(?:le|ling)(?: time)?|(?:总处理|处理总)(?:时长|时间)"),),
    "talk_mean": ((SURE, rf"att|{AVERAGE}(?:talk|acd|conversation)(?: time)?|平均通话(?:时长|时间)"),),
    "talk_s": ((SURE, r"(?:total )?(?:talk|acd)(?: time)?|(?:总通话|通话总?)(?:时长|时间)"),),
    "hold_mean": ((SURE, rf"{AVERAGE}hold(?: time)?|平均保持(?:时长|时间)"),),
    "hold_s": ((SURE, r"(?:total )?hold(?: time)?|(?:总保持|保持总?)(?:时长|时间)"),),
    "wrap_mean": ((SURE, rf"{AVERAGE}(?:wrap(?: ?up)?|acw|after call work)(?: time)?|平均(?:话后|案头|话后处理|事后处理|整理)(?:时长|时间)"),),
    "wrap_s": ((SURE, r"(?:total )?(?:wrap(?: ?up)?|acw|after call work)(?: time)?|(?:话后|案头|话后处理|整理)总?(?:时长|时间)"),),
    "staffed_s": ((SURE, r"(?:total )?(?:staffed|login|logged ?in|signed ?in)(?: time)?|(?:签入|登录|在线)总?(?:时长|时间)"),),
    "available_s": ((SURE, r"(?:total )?(?:avail(?:able)?|idle|ready)(?: time)?|(?:空闲|就绪|等待来电)总?(?:时长|时间)"),),
}  # fmt: skip
