"""The words in which switches say how a call ended, which way it went, and what a row is of.

A cell is brought to plain words (lower case, signs taken as blanks, words of CamelCase apart); the
first pattern that fits it says what it means. A word that fits none is asked for, never guessed.
The list is data: another switch's word is one more pattern.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["direction_of", "flag_of", "leg_of", "outcome_of", "plain_words"]

NOT = r"(?:(?:not|no|never|non|nicht|kein\w*|sin|pas|un|nao|não|未|无人|没有|不)[ ]?)"
MAILBOX = r".*\b(?:voice ?mail\w*|vm|mailbox|messagerie|buz[oó]n\w*|anrufbeantworter|left (?:a )?message)\b.*|.*(?:留言|语音信箱).*"
IVR = r"(?:ivr|vru|menu|auto ?attendant|greeting|announcement|pre ?queue|自助|语音导航)"
END = r"(?:aband\w*|hang ?ups?|hung ?up|disconnect\w*|drop\w*|quit|left|exit\w*|放弃|挂机|挂断)"

OUTCOMES: tuple[tuple[str, str], ...] = (
    ("overflowed", MAILBOX),
    ("callback", r".*\b(?:call ?backs?|web ?callback|r[üu]ckruf\w*|rappels?|devoluci[oó]n)\b.*|.*(?:回呼|回拨|回电).*"),
    ("ivr_abandoned", rf"(?:.*[ ])?{END}[ ]?(?:calls?[ ]?)?(?:in|during|at|before|en|dans|im)?[ ]?(?:the |le |el |der )?{IVR}.*"),
    ("ivr_abandoned", rf".*{IVR}[ ]?(?:阶段)?(?:caller )?{END}.*|aband\w* before queue|entered? queue no"),
    ("self_served", rf"self ?serv\w*|contained|self service|(?:(?:complet\w*|handled|resolved|terminated|ended|served) (?:in|by|at) )?{IVR}(?:[ ]?(?:complet\w*|only|contained|terminat\w*|resolv\w*|handled|served|完成|结束|服务))?"),
    ("abandoned", r"(?:short|quick|early|fast) ?aband\w*|aband\w* short|短放弃|速挂|短时放弃|快速放弃"),
    ("overflowed", r".*\b(?:overflow\w*|overflown|interflow\w*|intraflow\w*|redirect\w*|diverted|forward\w*|deflect\w*|rerouted|d[ée]bord\w*|desbord\w*|umgeleitet|weitergeleitet|d[ée]vi[ée]e?|desviad[ao])\b.*"),
    ("overflowed", r"(?:.*[ ])?(?:time[ds]? ?out|timeout|queue full|max(?:imum)? wait\w*|exit(?:ed)? queue|no agents?(?: available| logged in)?|(?:queue )?closed|exit ?with ?key|exit ?empty|exit ?with ?timeout|flow(?:ed)? out|leave ?empty|join ?empty)(?:[ ].*)?"),
    ("overflowed", r".*(?:溢出|超时|转出|队列满).*|überlauf.*"),
    ("transferred", r"(?:blind |attended |warm |cold |consult |external |internal )?transf[eé]r\w*(?:[ ].*)?|weiterverbunden|vermittelt|.*转接.*|.*转移.*"),
    ("blocked", r"busy(?: tone)?|line busy|blocked|congestion|all (?:lines|trunks) busy|besetzt|occup[ée]e?|ocupad[ao]|(?:.*遇忙.*)|占线|忙|拥塞|用户忙"),
    ("blocked", r"(?:call |system )?(?:fail\w*|errors?|invalid\w*|chanunavail|unreachable|unallocated number|fehlgeschlagen|fehler|[ée]chec|[ée]chou[ée]e?|fallid[ao]|失败|系统失败|错误|空号|关机|停机)"),
    ("abandoned", rf"(?:.*[ ])?{NOT}(?:answer\w*|ans|handled|served|connected|accepted|picked up|completed|angenommen|beantwortet|entgegengenommen|r[ée]pond\w*|r[ée]ponse|abouti\w*|atendid[ao]\w*|contestad[ao]\w*|respuesta|contesta|respondid[ao]\w*|接通|接听|应答|接|成功)(?:[ ].*)?"),
    ("abandoned", r"(?:queue |call |caller |customer |client |user )?(?:aband\w*|abd|missed|lost|unanswered|unserved|noanswer|notanswered|verpasst|verloren|aufgelegt|abgebrochen|perdue?s?|manqu[ée]e?s?|perdid[ao]s?|raccroch[ée]e?)(?: (?:calls?|in|by|while|during|before|queue|waiting|caller|customer|client|the|answer\w*|agent|ringing|ring|hold|on|short)){0,4}"),
    ("abandoned", r".*(?:放弃|呼损|未接|漏接|无应答|未应答).*|(?:cancel\w*|originator cancel|abbruch|annul[ée]e?|cancelad[ao]|取消|主叫取消)"),
    ("hung_up", r"normal clearing|(?:(?:caller|customer|user|remote|agent|client) )?(?:hang ?ups?|hung ?up|disconnect\w*)(?: (?:by )?(?:caller|customer|user|remote|agent|client))?|(?:客户|用户|主叫|坐席|座席)?挂[机断]"),
    ("waiting", r"(?:still )?(?:in |on )?(?:queued?|waiting|in progress|ringing|active|ongoing|open)|进行中|排队中|振铃中|等待中"),
    ("answered", r"(?:(?:call|calls|agent|agents?|queue|success\w*|member|conversation|customer) )*(?:answer\w*|ans|connect|connected|handled|handle|complet\w*|served|accepted|success\w*|talked|picked up|pickup|received|normal)(?: (?:calls?|by|agent|an|the|queue|live|member|ok|in|within|outside|sla|call|successfully|caller|user|human)){0,4}"),
    ("answered", r"complete(?:agent|caller)|agent(?: answered.*)?|erfolgreich|angenommen\w*|beantwortet\w*|entgegengenommen\w*|r[ée]pondue?s?|trait[ée]e?s?|aboutie?s?|d[ée]croch[ée]e?s?|atendid[ao]s?|contestad[ao]s?|respondid[ao]s?|completad[ao]s?|exitos[ao]s?"),
    ("answered", r"(?:已|人工|坐席|座席|正常|呼叫)*(?:接通|接听|应答|接起|成功|通话|正常|完成|呼入成功|接)(?:成功|结束|完成|来电|电话)?"),
)  # fmt: skip
FLAGS = {
    True: [
        "y",
        "yes",
        "true",
        "1",
        "t",
        "ja",
        "j",
        "oui",
        "o",
        "si",
        "sí",
        "s",
        "vrai",
        "wahr",
        "verdadero",
        "verdad",
        "是",
        "有",
        "x",
    ],
    False: ["n", "no", "false", "0", "f", "nein", "non", "faux", "falsch", "falso", "否", "无"],
}
DIRECTIONS: tuple[tuple[str, str], ...] = (
    ("callback", r".*\b(?:call ?backs?|web ?callback|r[üu]ckruf\w*)\b.*|.*(?:回呼|回拨|回电).*"),
    ("outbound", r"(?:external |acd |call |direct )?(?:outbound|outgoing|originat\w*|dial(?:ed|er|out|led)?|sortante?s?|sortie|[ée]mis(?:e|es)?|ausgehend\w*|abgehend\w*|gehend|ausgang|salientes?|salida|realizadas?|emitidas?|uscita)\b.*|out"),
    ("outbound", r"manual(?: dial| call| touch)?|predictive|preview|progressive|power(?: dial\w*)?|campaign|.*(?:呼出|外呼|去电|拨出|外拨|主叫外).*"),
    ("inbound", r"(?:external |acd |call |direct |queue )?(?:inbound|incoming|incom|terminat\w*|received|entrante?s?|entr[ée]e|re[çc]ue?s?|eingehend\w*|ankommend\w*|kommend\w*|eingang|entrada|recibidas?|ingresso)\b.*|in|.*(?:呼入|进线|来电|呼进|接入).*"),
    ("internal", r"(?:internal|intern|interne|interno|interna|local|inner|agent|station|extension|ext|consult\w*|intercom|conference|monitor\w*|coach\w*|barge\w*|3rd party.*|third party.*)(?: .*)?|.*(?:内部|内线|内呼|互拨|咨询|会议).*"),
)  # fmt: skip
LEGS: tuple[tuple[str, str], ...] = (
    (
        "contact",
        r"(?:member|customer|caller|client|queue|call ?queue|external|contact|kunde)(?: leg| segment)?|客户|主叫",
    ),
    (
        "agent",
        r"(?:agents?|user|operator|extension|callee|huntgroup agent|mitarbeiter)(?: leg| segment)?|坐席|座席|被叫",
    ),
    (
        "other",
        r"ivr|acd|workflow|voicemail|auto ?attendant|system|bot|conference|monitor|supervisor",
    ),
)
ENDS = frozenset(("answered", "abandoned", "hung_up", "blocked", "ivr_abandoned", "overflowed"))
"""Meanings without which the words of a column say nothing of how calls end."""


def plain_words(text: str) -> str:
    """Return a cell in plain words.

    Examples
    --------
    >>> plain_words("ABANDONED_in_Queue"), plain_words("AgentAnswered")
    ('abandoned in queue', 'agent answered')
    """
    text = unicodedata.normalize("NFKC", text).strip()
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).lower()
    return " ".join("".join(sign if sign.isalnum() else " " for sign in text).split())


def _first(text: str, patterns: tuple[tuple[str, str], ...]) -> str | None:
    plain = plain_words(text)
    return next((what for what, pattern in patterns if re.fullmatch(pattern, plain)), None)


def outcome_of(text: str) -> str | None:
    """Return what a word says of how a contact ended; None: nothing that is known.

    One of the outcomes of a contact table, or ``callback``, ``transferred`` (answered, if anybody
    talked), ``hung_up`` (abandoned, where another word says that one was answered).

    Examples
    --------
    >>> [outcome_of(word) for word in ("No Answer", "abandoned_in_ivr", "转接", "sold")]
    ['abandoned', 'ivr_abandoned', 'transferred', None]
    """
    return _first(text, OUTCOMES)


def direction_of(text: str) -> str | None:
    """Return ``inbound``, ``outbound``, ``internal`` or ``callback``; None: no way that is known.

    Examples
    --------
    >>> [direction_of(word) for word in ("IN", "Ausgehend", "内部", "Billing")]
    ['inbound', 'outbound', 'internal', None]
    """
    return _first(text, DIRECTIONS)


def leg_of(text: str) -> str | None:
    """Return whose leg of a call a row is: ``contact``, ``agent`` or ``other``."""
    return _first(text, LEGS)


def flag_of(text: str) -> bool | None:
    """Return whether a word says yes or no; None: neither."""
    plain = plain_words(text)
    return next((flag for flag, words in FLAGS.items() if plain in words), None)
