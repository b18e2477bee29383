"""The names under which switches write what they count by interval, in five languages.

English, 中文, German, Spanish and French; a heading is in plain words before it is looked up
(`simcenter.history.headings`), without accents, so that the list needs each word once.
"""

from __future__ import annotations

from simcenter.history.headings import CONTACT_ROLES, LIKELY, PERHAPS, SURE, Roles

__all__ = ["INTERVAL_ROLES", "MEANS", "RATES", "TOTALS"]

CALL = r"(?:calls?|contacts?|interactions?|chats?|conversations?|tasks?|anrufe?|gesprache|llamadas|appels)"
BEFORE = (
    r"(?:(?:total|number|no|num|count|sum|of|n|nb|acd|queue|voice|anzahl|numero|nombre|de|d|"
    rf"inbound|incoming|the|{CALL}) )*"
)
AFTER = rf"(?: (?:{CALL}|incoming|inbound|count|sum|total|half|in queue|to ?half|gesamt))*"
MEAN = (
    r"(?:(?:average|avg|ave|mean|ø|o|durchschn\w*|mittlere|tiempo medio|tiempo promedio|"
    r"promedio|temps moyen|duree moyenne|moyenne)(?: (?:de|d|of|call|contact|agent|customer|en))* ?)"
)
TOTAL = r"(?:(?:total|sum|t|i|ti|sum of|gesamte?|overall) )*"
TIME = r"(?: ?(?:time|duration|seconds|zeit|sum|total|half|to half|time half))*"
TIMED = r"(?: ?(?:time|duration|seconds|zeit|sum|total))(?: (?:half|to half|sum))*"
OFFERED = (
    r"(?:offer(?:ed|s)?|presented|queued|received|entered|arrived|enqueued|angebotene?|angeboten|"
    r"eingehende?|eingegangene?|ofrecidas|ofertadas|recibidas|entrantes?|entrants|offerts|"
    r"presentes|recus)"
)
ANSWERED = (
    r"(?:answer(?:ed|s)?|ans|handled|accepted|connected|serviced|angenommene?|beantwortete?|"
    r"bearbeitete?|entgegengenommene?|atendidas|contestadas|respondidas|repondus|traites|"
    r"decroches|pris)"
)
ABANDONED = (
    r"(?:abandon(?:ed|s|ment|ments|o|os)?|aband?|abans?|abn|abnd|lost|hang ?ups?|verlorene?|aufgelegte?|"
    r"aufleger|abgebrochene?|abandonadas|perdidas|abandonnes|perdus)"
)
MANNED = (
    r"(?:staffed|staff|logged ?in|logged ?on|login|signed ?(?:in|on)|manned|online|on ?line|"
    r"connected|angemeldete?|conectados|connectes)"
)
IDLE = r"(?:avail(?:able)?|idle|ready|waiting|frei|disponibles)"
WRAP = (
    r"(?:wrap(?: ?up)?|acw|after (?:call|contact)(?: work)?|work|nachbearbeitung|nachbearbeitungs|"
    r"post ?appel|post ?llamada)"
)
ZH = r"(?:人工|总|语音|热线|来话|客户|全部)*"
NUMBER = r"(?:总)?(?:[量数]|次数|总量|总数|话务量)"
LENGTH = r"总?(?:时长|时间|秒数)"
SEATS = r"(?:坐席|座席|人员|客服|话务员|人)?(?:人数|数量?)"

INTERVAL_ROLES: Roles = {
    "date": (
        *CONTACT_ROLES["date"],
        (SURE, r"row date|datum|fecha|call date|report date|jour|话务日期|数据日期|day date"),
        (LIKELY, r"tag|dia|jour|月|date id"),
    ),
    "start": (
        (SURE, r"(?:(?:interval|period|slot|time) ?)(?:start|begin|from)?(?: (?:time|date ?time))?|start(?:ing)?(?: ?time| interval| date ?time)?|half ?hour(?: of day| start)?|interval start(?:ing)?|quarter ?hour|时段|时间段|时间间隔|开始时间|时段开始|半小时"),
        (SURE, r"(?:interval|start|time) ?(?:start|interval)? ?(?:utc|gmt|local)|intervall|stunde|stunden|uhrzeit|per[ií]odo|periode|periodo horario|zeitraum|von|beginn|hora|intervalo|franja(?: horaria)?|hora inicio|heure|tranche(?: horaire)?|creneau|plage horaire|date ?time|统计时段"),
        (LIKELY, r"time|time ?stamp|hour(?: of day)?|begin(?: time)?|zeit|时间|小时|统计时间|时刻|timeslot|time of day"),
    ),
    "end": (
        (SURE, r"(?:interval|period|slot|time) ?(?:end|to|until)(?:ing)?(?: (?:time|date ?time))?|end(?:ing)?(?: ?time| interval| date ?time)?|end interval|时段结束|结束时间|bis|ende|hora fin|fin"),
    ),
    "minutes": (
        (SURE, r"interval(?: length| minutes)?|intrvl|interval duration|间隔(?:分钟)?"),
        (LIKELY, r"minutes|period length"),
    ),
    "queue": (
        *CONTACT_ROLES["contact_type"],
        (SURE, r"(?:call )?(?:csq|split|skill|queue|vq|acd|call type|contact service queue|hunt group|splitskill)(?: skill)? ?(?:name|value)|call queue|split ?skill|splitname|contact service queue|warteschlange|cola|file(?: d ?attente)?|人工技能组|服务队列|技能队列|热线(?:名称)?|queuevalue"),
        (LIKELY, r"csq|split ?id|queue ?(?:id|number|no)|call type id|hunt group|gruppe|servicio|competence|line|线路|业务线"),
        (PERHAPS, r"provider name|site|location|(?:contact|call) cent(?:re|er)|department|部门|中心"),
    ),
    "direction": ((SURE, r"(?:call )?direction|call type direction|呼叫方向|方向|呼叫类型|richtung|sens|sentido"),),
    "media": ((SURE, r"channel|media(?: type)?|渠道|媒体类型|kanal|canal"),),
    "offered": (
        (SURE, rf"{BEFORE}{OFFERED}{AFTER}|callsoffered|人工请求量\(进线量\)"),
        (SURE, rf"{ZH}(?:请求|呼入|进线|转人工|转接人工|转入|接入|呼叫请求|来话|来电){NUMBER}|转人工数|人工量"),
        (LIKELY, rf"(?:inbound|incoming|total|all) ?{CALL}|{CALL} (?:in|inbound|incoming|total|gesamt)|anrufe gesamt|llamadas totales|total llamadas|total appels|contacts|累计呼入量"),
        (LIKELY, rf"actual (?:{CALL}|volume|offered)"),
        (PERHAPS, r"calls?|volume|call volume|calls? count|count|anrufe|llamadas|appels|话务量|总量|呼叫量"),
    ),
    "answered": (
        (SURE, rf"{BEFORE}{ANSWERED}{AFTER}|acd ?calls?|t answered count|answered calls? \w*sum|n?(?:umber)? ?handle(?: count)?"),
        (SURE, rf"{ZH}(?:接通|接听|接起|应答|受理|服务){NUMBER}"),
        (PERHAPS, r"t handle count"),
    ),
    "abandoned": (
        (SURE, rf"{BEFORE}{ABANDONED}{AFTER}|total calls aband|abncalls|t abandon count|t abandoned count"),
        (SURE, rf"{ZH}(?:放弃|呼损|弃呼|弃线){NUMBER}"),
        (LIKELY, rf"{ZH}(?:未接通?|排队放弃|振铃放弃|人工放弃|未应答){NUMBER}|missed(?: calls?)?|unanswered(?: calls?)?|not (?:serviced|answered|handled)|{CALL} not answered|{CALL} (?:missed|unanswered)"),
    ),
    "short_abandoned": (
        (SURE, rf"(?:{CALL} )?short (?:aband\w*|calls?)(?: calls?)?|(?:客户)?速挂[量数]|短时?放弃[量数]"),
    ),
    "answered_in_target": (
        (SURE, rf"(?:{CALL} )?(?:answered|handled|ans|accepted) (?:within|in|under|<=?)? ?(?:target|sla?|threshold|service level|\d+ ?(?:s|sec|secs|seconds)?)(?: ?{CALL})?"),
        (SURE, r"(?:\d+|t) ?(?:秒|s)(?:以?内)?(?:人工)?(?:接通|接听|应答|接起)(?:总)?[量数]|达标接[通听][量数]|calls? (?:with)?in (?:sla|target|service level)|acceptable(?: calls)?|service level calls(?: half)?|n (?:answered )?in sla?|in sla|met sla|service level (?:met|answered)"),
    ),
    "service_level": (
        (SURE, r"(?:(?:calls |contacts )?(?:with)?in )?(?:service ?level|serv levl|servlevl|servicelevel|sla|sl|tsf|gos|service factor|telephone service factor|nivel de servicio|niveau de service|servicegrad)(?: ?\d+ ?(?:s|sec|secs|seconds)?)?(?: ?(?:rate|percent(?:age)?|met))?"),
        (SURE, r"(?:percentage |percent )?(?:of )?service level(?: met)?|服务水平(?:达成率)?|服务水平率|(?:\d+|t) ?(?:秒|s)(?:以?内)?(?:人工)?(?:接通|应答|接起|接听)率|calls? answered within \d+.*"),
    ),
    "target": (
        (SURE, r"(?:acceptable )?service ?level(?: (?:threshold|target|seconds|time))?|servlevl|servicelevel|(?:sla?|answer) ?(?:threshold|target|seconds)|threshold|target(?: seconds)?|服务水平(?:阈值|时限|秒数)"),
    ),
    "answer_rate": (
        (SURE, rf"(?:percent(?:age)? (?:of )?)?{BEFORE}{ANSWERED}{AFTER}(?: (?:rate|percent(?:age)?))?|{ZH}(?:接通|应答|接听|接起)率|erreichbarkeit|annahmequote|taux de (?:reponse|decroche)|nivel de atencion"),
    ),
    "abandonment_rate": (
        (SURE, rf"(?:percent(?:age)? (?:of )?)?{BEFORE}{ABANDONED}{AFTER}(?: (?:rate|percent(?:age)?))?|{ZH}(?:排队)?(?:放弃|呼损|弃呼)率|taux d ?abandon|tasa de abandono|verlustquote"),
    ),
    "wait_answered_mean": (
        (SURE, rf"asa|{MEAN}(?:speed ?(?:of |to )?ans(?:wer)?|speed|queue answer time|answer(?: time)?|time to answer|ans time|delay(?: time)?(?: to answer)?|answer delay|answered wait(?: time)?|wait(?:ing)?(?: time)? (?:answered|to answer))|speed of answer|average speedof answer"),
        (SURE, r"平均(?:应答|接通|接起)(?:速度|等待|时长|时间)+|tme|average queue time answered"),
    ),
    "wait_mean": (
        (SURE, rf"{MEAN}(?:wait(?:ing)?|queue(?: wait)?|queueing|espera|attente|wartezeit|warte|time in queue)(?: ?(?:time|zeit))?|平均(?:等待|排队)(?:时长|时间)?|wartezeit|dma"),
    ),
    "wait_answered_s": (
        (SURE, rf"{TOTAL}(?:answer(?:ed)?|ans|acd wait|answer wait|answer delay|speed of answer){TIMED}|anstime|answer wait{TIME}|t answered sum|(?:接通|应答)?等待总时长"),
    ),
    "wait_s": ((SURE, rf"(?:total |t )(?:wait(?:ing)?|queue){TIME}|t wait sum|总(?:等待|排队)(?:时长|时间)"),),
    "wait_abandoned_mean": (
        (SURE, rf"{MEAN}(?:time (?:to|before) aband\w*|(?:queue )?{ABANDONED} ?(?:time|delay|wait(?: time)?)?|delay to abandon)|平均放弃(?:等待|排队)?(?:时长|时间)|aband?\w* mean"),
    ),
    "wait_abandoned_s": (
        (SURE, rf"{TOTAL}{ABANDONED} ?(?:wait|delay)?(?: ?time)+(?: half)?|abntime|t abandon(?:ed)? sum|(?:call )?delay (?:q )?aband{TIME}|放弃(?:等待)?总时长"),
    ),
    "handle_mean": (
        (SURE, rf"(?:actual )?aht|tmo|dmt|{MEAN}(?:hand(?:le|ling)(?:d)?|bearbeitungs?|operacion|gestion|atencion|traitement)(?: ?(?:time|zeit|calls?))*|平均(?:处理|服务)(?:时长|时间)?"),
        (PERHAPS, rf"{MEAN}(?:episode|call|contact)(?: (?:length|duration))"),
    ),
    "handle_s": ((SURE, rf"{TOTAL}(?:hand(?:le|ling)|bearbeitungs?){TIME}|(?:总处理|处理总)(?:时长|时间)|t handle sum"),),
    "talk_mean": (
        (SURE, rf"att|tmc|dmc|{MEAN}(?:talk(?:ing)?|acd|conversation|conversacion|communication|interaction|gesprachs?|sprech)(?: ?(?:time|zeit|dauer))?|平均(?:通话|服务通话)(?:时长|时间)?|gesprachszeit"),
    ),
    "talk_s": ((SURE, rf"{TOTAL}(?:talk|conversation|interaction){TIME}|acd ?time|acdtime|t talk sum|(?:总通话|通话总?)(?:时长|时间)"),),
    "hold_mean": ((SURE, rf"{MEAN}(?:hold|held|halte)(?: ?(?:time|zeit))?|平均(?:保持|静音)(?:时长|时间)"),),
    "hold_s": ((SURE, rf"{TOTAL}(?:hold|held){TIME}|hold(?:acd)?time|t held sum|(?:总保持|保持总?)(?:时长|时间)"),),
    "wrap_mean": (
        (SURE, rf"{MEAN}{WRAP}(?: ?(?:time|zeit))?|平均(?:话后|案头|话后处理|事后处理|整理|后处理)(?:时长|时间)|nachbearbeitungszeit"),
    ),
    "wrap_s": ((SURE, rf"{TOTAL}{WRAP}{TIME}|acwtime|t acw sum|(?:话后|案头|话后处理|整理)总?(?:时长|时间)"),),
    "staffed_s": (
        (SURE, rf"{TOTAL}(?:agent )?{MANNED}(?: time| hours| minutes| seconds)+|{TOTAL}stafftime|(?:签入|登录|在线)总?(?:时长|时间)"),
    ),
    "available_s": (
        (SURE, rf"{TOTAL}(?:agent )?{IDLE}(?: time)+|{TOTAL}availtime|(?:空闲|就绪|等待来电)总?(?:时长|时间)"),
    ),
    "staffed": (
        (SURE, rf"(?:{MEAN}|(?:number|no|num|count) (?:of )?)?(?:agents?|positions?|pos|operators?)? ?(?:agents? )?{MANNED}(?: ?(?:agents?|positions?|pos))?|agentes conectados|agents connectes|agenten angemeldet|angemeldete agenten"),
        (SURE, rf"(?:平均)?(?:签入|登录|在线|在岗|上线|登陆|值班|出勤){SEATS}"),
        (LIKELY, rf"(?:{MEAN}|(?:number|no|num|count) (?:of )?)?(?:agents?|operators?|agenten|agentes|mitarbeiter|headcount)(?: count)?|(?:坐席|座席)(?:数|人数)"),
    ),
    "available": (
        (SURE, rf"(?:{MEAN}|(?:number|no|num|count) (?:of )?)?(?:agents?|positions?|pos)? ?{IDLE}(?: ?(?:agents?|positions?|pos))?|(?:平均)?(?:空闲|就绪|示闲){SEATS}"),
    ),
}  # fmt: skip

MEANS = {
    "wait_answered_mean": ("wait_answered_s", "answered"),
    "wait_mean": ("wait_s", "offered"),
    "wait_abandoned_mean": ("wait_abandoned_s", "abandoned"),
    "handle_mean": ("handle_s", "answered"),
    "talk_mean": ("talk_s", "answered"),
    "hold_mean": ("hold_s", "answered"),
    "wrap_mean": ("wrap_s", "answered"),
}
"""Roles that are means: the total that each gives, and the count that it is a mean over."""
TOTALS = (
    *("wait_answered_s", "wait_s", "wait_abandoned_s", "handle_s", "talk_s", "hold_s", "wrap_s"),
    *("staffed_s", "available_s"),
)
RATES = ("answer_rate", "abandonment_rate", "service_level")
"""Roles that are shares of a count."""
