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
    (
        "seconds",
        r"\bs\b|\bsek(?:unden)?\b|\bseg(?:undos?)?\b|\bsecondes?\b|\bsecs?\b|\bseconds?\b|秒",
    ),
    ("minutes", r"\bmins?\b|\bminuten\b|\bminutos\b|\bminutes?\b|分钟|分$"),
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
    text = re.sub(
        r"(?<=.)\b(ms|msecs?|millis(econds?)?|s|secs?|seconds|mins|minutes|hrs|hours)$", " ", text
    )
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
        (SURE, r"(?:(?:call|contact|arrival|start) ?)?date|日期|统计日期|(?:来电|呼入|通话|呼叫)日期|datum|anrufdatum|fecha|data"),
        (LIKELY, r"day|month|month year|period(?: ?name)?|月份|统计日期|时间段日期|tag|jour"),
    ),
    "arrival": (
        (SURE, r"arrival(?: time)?|(?:call|contact|conversation|session|interaction|user) (?:arrival|start)(?: ?time)?(?: ?(?:utc|stamp))?|(?:来电|呼入|进线)时间"),
        (SURE, r"(?:call|contact) (?:date )?time|(?:进线|到达|呼叫|呼叫开始|通话开始|会话开始)时间|initiation timestamp|start stamp"),
        (0.96, r"start epoch"),
        (SURE, r"anrufbeginn|anrufzeit|eingangszeit|heure d (?:arriv[ée]e|appel)|hora de (?:entrada|llegada|inicio|llamada)|fecha y hora"),
        (LIKELY, r"start(?:ed)?(?: (?:time|at|date ?time))?(?: utc)?|date ?time(?: utc)?|time ?stamp|开始时间|时间"),
        (LIKELY, r"call ?date|beginn|start ?zeit|uhrzeit|zeitstempel|heure(?: de d[ée]but)?|d[ée]but|date heure|hora(?: inicio)?|inicio|call start"),
        (PERHAPS, r"time|created(?: at)?|received(?: at)?|call received|offered at|zeit"),
    ),
    "queue_entry": (
        (SURE, r"(?:cc )?queue (?:entry|start|enter|join)(?:ed)?(?: (?:time|epoch|stamp|at))?|enqueued?(?: time ?(?:stamp)?| at)?|queued at|joined(?: queue)?(?: at| time)?"),
        (SURE, r"(?:进入队列|进入排队|入队|排队开始|转人工|开始排队|进队)时间|(?:eintritt|beginn) warteschlange|entr[ée]e (?:en )?file(?: d attente)?|entrada (?:en |a )?(?:la )?cola"),
        (PERHAPS, r"queue time"),
    ),
    "answer": (
        (SURE, r"answer|(?:agent )?(?:answer|connect|pick ?up)(?:ed)?(?: (?:time|at|time ?stamp|epoch|stamp))(?: utc)?|(?:接通|应答|接听|坐席应答|座席应答)时间"),
        (1.0, r"(?:cc )?queue answered(?: (?:epoch|time|stamp))|connected to agent(?: (?:time ?stamp|at|time))?"),
        (SURE, r"angenommen (?:um|am)|annahmezeit|heure de (?:r[ée]ponse|d[ée]croch[ée])|hora (?:de )?(?:respuesta|contestaci[oó]n|atenci[oó]n)"),
    ),
    "ended": (
        (SURE, r"(?:call |contact |conversation |session |user )?end(?:ed)?(?: (?:time|at|date(?: ?time)?|epoch|stamp))?(?: utc)?|(?:结束|挂机|挂断|呼叫结束)时间"),
        (SURE, r"(?:hang ?up|disconnect|release)(?:ed)?(?: (?:time|at|time ?stamp))?|通话结束时间|ende|gespr[äa]chsende|anrufende|endzeit|fin|heure de fin|hora (?:de )?fin(?:al)?"),
        (1.0, r"(?:cc )?queue terminated(?: (?:epoch|time|stamp))"),
    ),
    "wait_s": (
        (SURE, r"(?:total )?(?:queue|queue wait|wait(?:ing)?|hold in queue|in ?queue) ?(?:time|duration|seconds)?|call queue duration|time in queue"),
        (SURE, r"(?:等待|排队|排队等待)(?:时长|秒数|时间)?|wartezeit|warte ?dauer|(?:temps|dur[ée]e) d attente|(?:tiempo|duraci[oó]n) (?:de |en )?(?:espera|cola)(?: en cola)?"),
        (0.9, r"speed (?:of |to )?answer|time to answer|asa|应答(?:时长|秒数|时间)?"),
    ),
    "ring_s": (
        (SURE, r"(?:total )?(?:ring(?:ing)?|alert(?:ing)?) ?(?:time|duration)?|(?:振铃|响铃)(?:时长|时间|秒数)?"),
        (SURE, r"klingel(?:zeit|dauer)|(?:temps|dur[ée]e) de sonnerie|tiempo de (?:timbre|ring)"),
    ),
    "talk_s": (
        (SURE, r"(?:avg|average|total)? ?talk(?:ing)? ?(?:time|duration)?|(?:total )?conversation(?: (?:time|duration))?|(?:通话|服务|人工通话)(?:时长|秒数)"),
        (SURE, r"gespr[äa]chs(?:dauer|zeit)|(?:dur[ée]e|temps) de (?:la )?(?:conversation|communication)|(?:duraci[oó]n|tiempo) de (?:la )?(?:conversaci[oó]n|charla)"),
        (LIKELY, r"agent ?(?:talk )?time|(?:service |interaction )(?:duration|time|length)|(?:total )?hand(?:le|ling) time|aht|处理时长"),
    ),
    "hold_s": (
        (SURE, r"(?:(?:total|customer) )?hold ?(?:time|duration)?|(?:保持|静音)(?:时长|时间|秒数)?"),
        (SURE, r"halte(?:zeit|dauer)|(?:dur[ée]e|temps) (?:de |en )(?:mise en )?(?:garde|attente agent)|tiempo (?:de |en )retenci[oó]n"),
    ),
    "wrap_s": (
        (SURE, r"(?:total )?(?:wrap(?: ?up)?|acw|after call(?: work)?|post ?queue wrap)(?: ?(?:time|duration))?"),
        (SURE, r"(?:话后|案头|事后|话后处理|整理)(?:时长|时间|秒数|处理时长)?|nachbearbeitung(?:s(?:zeit|dauer))?|post ?(?:appel|traitement)|(?:temps|dur[ée]e) de post ?(?:appel|traitement)|(?:tiempo )?(?:post ?llamada|acw)"),
    ),
    "ivr_s": (
        (SURE, r"(?:total )?(?:ivr|vru|pre ?queue|menu) ?(?:time|duration)?(?: spent)?|(?:ivr|自助|语音) ?(?:时长|时间)"),
    ),
    "total_s": (
        (SURE, r"total ?(?:call )?(?:time|duration)|(?:call |contact |conversation |session )?duration|(?:call|contact|conversation) (?:time|length)|billsec"),
        (SURE, r"(?:call )?length|总?时长|呼叫时长|总通话时长|(?:anruf)?dauer|gesamt(?:dauer|zeit)|dur[ée]e(?: totale| (?:de l )?appel)?|duraci[oó]n(?: (?:de la )?llamada| total)?"),
    ),
    "outcome": (
        (SURE, r"(?:(?:call|contact|final|completion|queue) )?(?:outcome|disposition|status|result|completion status)|answered|is answered|(?:是否)?接通|接通状态|(?:call )?handling"),
        (SURE, r"(?:呼叫|通话|来电|接听|排队|服务)(?:结果|状态)|结果|状态|是否(?:接听|应答|放弃)|abandon(?:ed)?|missed(?: call)?|call queue call result|cc cause"),
        (SURE, r"ergebnis|anrufergebnis|r[ée]sultat|statut|estado|resultado|disposici[oó]n"),
    ),
    "direction": (
        (SURE, r"(?:(?:call|contact|media|originating|interaction) )?direction|(?:呼叫|通话|来电|话单)?方向|richtung|anrufrichtung|sens|sentido|direcci[oó]n"),
        (LIKELY, r"呼叫类型|通话类型|来去电|in ?out|inbound outbound"),
    ),
    "contact_id": (
        (SURE, r"(?:(?:call|contact|session|conversation|interaction|conference|linked|master contact|xml cdr|call leg|acd call|cc member session|unique) ?)(?:id|uuid|guid|identifier)"),
        (SURE, r"(?:通话|呼叫|会话|话单|流水|来电|录音)(?:流水)?(?:号|id|编号)|流水号|anruf ?(?:id|nr|nummer)|id (?:de )?(?:appel|llamada)"),
        (LIKELY, r"id|uuid|guid|call (?:no|number|key|ref(?:erence)?)|序号"),
    ),
    "contact_type": (
        (SURE, r"(?:(?:cc|call|acd) )?queue(?: ?(?:name|identity))?|skill(?: ?(?:group|set|name))?|contact type|split|vdn|csq(?: name)?"),
        (SURE, r"(?:技能组|队列|业务类型|来电类型|业务|服务类型|技能)(?:名称)?|warteschlange|file(?: d attente)?|cola|servicio|campa[nñ]a"),
        (0.9, r"call type|呼叫类型"),
        (LIKELY, r"topic|type|service|reason|category|line of business|lob|campaign(?: name)?|主题|类型|类别|gruppe|dienst"),
    ),
    "agent": (
        (SURE, r"(?:cc )?agent(?: ?(?:display )?(?:name|id|login|upn|username))?|operator|csr|representative|(?:座席|坐席|客服|话务员)(?:工号|姓名|编号|名称)?"),
        (SURE, r"mitarbeiter|agente(?: nombre)?|op[ée]rateur|operador(?:a)?|conseiller|asesor|bearbeiter|users interacted"),
        (LIKELY, r"user(?: ?name)?s?|employee|advisor|server|工号|员工|接听人"),
    ),
    "group": ((LIKELY, r"(?:agent )?(?:group|team)(?: name)?|班组|组别|团队"),),
    "caller_id": (
        (SURE, r"caller(?: ?(?:id|number|no)){0,2}|ani|ani dialnum|(?:phone|customer|from) ?(?:number|id|no)|主叫(?:号码)?|客户(?:号码|编号|号)|来电号码"),
        (SURE, r"anrufer|rufnummer|appelant|num[ée]ro (?:de l )?appelant|origen|n[uú]mero (?:de )?origen|llamante"),
    ),
    "priority": ((SURE, r"priority|优先级|priorit[äa]t"),),
    "channel": ((SURE, r"channel|media(?: ?(?:type|name))?|渠道|媒体类型|kanal|canal"),),
}  # fmt: skip
