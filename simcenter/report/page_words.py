"""The words of HTML pages, in English and in Chinese, under the same keys."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["PAGE"]

ENGLISH = {
    "holds": "holds",
    "at risk": "at risk",
    "misses": "misses",
    "cannot tell yet": "cannot tell yet",
    "at_a_glance": "The day at a glance",
    "tick": "{start}: {verdict}",
    "not judged": "not judged",
    "comma": ", ",
    "names": ", ",
    "and_more": "… and {count} more below",
    "day": "day {day}",
    # kinds of pages
    "kicker_validate": "Roster check",
    "kicker_run": "Simulation",
    "kicker_compare": "What if",
    "kicker_calibrate": "Calibration from history",
    "kicker_backtest": "Backtest",
    # targets
    "asked": "Asked for {type}: {targets}, {period}.",
    "target_service_level": "{value} answered within {within} s",
    "target_answer_rate": "at least {value} answered",
    "target_abandonment_rate": "at most {value} give up",
    "target_asa_seconds": "answered after {value} s on average",
    "target_blocking_rate": "at most {value} find all lines busy",
    "period_interval": "in every interval of {minutes} minutes",
    "period_day": "over each day",
    "period_whole": "over all days together",
    # the half page of a validation
    "no_share": "No target could be judged.",
    "where": "Where it fails",
    "why": "Main cause",
    "cause": "{when}{type}: {reason}.",
    "promised_only": " ({method} promised {promised}{target})",
    "unit_seconds": "s",
    "no_cause": "Nothing fails that would need a cause.",
    "no_promise": "The method {method} promises no waits, so there is nothing to explain.",
    "what": "What to do",
    "nothing_to_do": "Nothing: the roster keeps its targets as it is.",
    "do": "{price}. On {fresh} days that had no part in the search every target then holds.",
    "not_enough": (
        "No change that the rules permit is enough. The best one ({price}) helps; "
        "{hours} agent-hours more would have to be there besides{suffices}."
    ),
    "no_repair": (
        "No change that the rules permit helps. {hours} agent-hours more would have to be "
        "there besides{suffices}."
    ),
    "suffices": "",
    "suffices_not": ", and even then not every target holds",
    "not_looked": "A repair was not looked for; this command finds one:",
    "write_roster": "The repaired roster as a file:",
    "spare": "Time to give away",
    "spare_found": (
        "{hours} agent-hours in which these people are idle beside others 19 times in 20; "
        "the longest:"
    ),
    "spare_not_looked": "It was not looked for; this command finds it:",
    "same_command": "The same command finds it.",
    "no_spare": "None: nobody is idle beside others 19 times in 20.",
    "sure": "What was assumed",
    "nothing_assumed": "Nothing: the scenario says it all.",
    "turns_first": "What would change the verdict stands first.",
    "history": "How well it met history",
    "unchecked": "Not yet checked against your history. Set days that came beside it:",
    "met": "{type}, {measure}: simulated {simulated}, observed {observed}.",
    # sections
    "promise_and_floor": "Promise and floor",
    "intervals": "Every interval",
    "not_holding": "Intervals that do not hold",
    "rows_shown": (
        "{type}: {count} of {of} intervals miss or are at risk (the first {shown} stand here); "
        "of {unclear} it cannot be told yet."
    ),
    "reasons": "From the promise to the floor",
    "repairs": "The repair in detail",
    "changes": "Changes",
    "definitions": "What the numbers mean",
    "assumptions": "What was assumed",
    "left_out": "What this model leaves out",
    "left_out_list": (
        "Callers who call again: a redial is one more arrival, not an answer to a long wait.|"
        "Transfers, callbacks and contacts that an agent serves side by side.|"
        "Agents who work faster or slower when the queue is long, or tire over the day.|"
        "Announcements of the wait that would change how long callers stay."
    ),
    "formula": "{measure} = {formula}",
    "formula_within": "{measure} = {formula}, T = {within}",
    "within_of": "{seconds} s ({type})",
    "short": "A wait below {short} s that ends with giving up is a short abandon.",
    "booking_arrival": "A contact counts where it entered the queue.",
    "booking_end": "A contact counts where it ended.",
    "interval": "± is the half-width of the {confidence} % confidence interval.",
    "foot": (
        "Scenario “{scenario}”, hash {hash}; {replications} replications, seed {seed}, engine "
        "{engine}; simcenter {version}. The same scenario, seed and version give the same page."
    ),
    # simulation
    "run_finding": (
        "Of {offered} callers a day {answered} are answered, after {asa} on average; "
        "{abandoned} give up."
    ),
    "run_finding_many": (
        "Of {offered} callers in {days} days {answered} are answered, after {asa} on average; "
        "{abandoned} give up."
    ),
    "run_level": "{level} are answered within {within}.",
    "run_targets": "Targets",
    "target_line": "{type}, {measure}: {value}; asked {limit}: {met}",
    "reached": "reached",
    "missed": "missed",
    "unclear": "too close to tell",
    "run_note": (
        "These are averages over the days simulated. Whether the roster holds interval by "
        "interval, and why not, is told by:"
    ),
    "whole": "The whole, and by contact type",
    "total": "total",
    "measure": "measure",
    "by_interval": "By interval",
    "by_day": "By day",
    "by_group": "By agent group",
    "agent_group": "agent group",
    "start": "start",
    "day_head": "day",
    "pictures": "Pictures",
    "observed_beside": "Observed beside simulated",
    "observed": "observed",
    "simulated": "simulated",
    "difference": "difference",
    "never": "Callers of {types} never give up: the scenario gives them no patience.",
    # comparison
    "compare_finding": "{name}: {measure} {change} ({verdict}), on the same callers.",
    "compare_none": "No difference is shown in any measure, on the same callers.",
    "compare_base": "As it stands: {values}.",
    "side_by_side": "Side by side",
    "what_if": "What if: {name}",
    "base": "base",
    "with_change": "what-if",
    "verdict": "verdict",
    "saved": "variance saved",
    "times": "{ratio:,.1f} ×",
    "points": "pt",
    "better": "better",
    "worse": "worse",
    "higher": "higher",
    "lower": "lower",
    "no difference shown": "no difference shown",
    "verdict_note": (
        "A difference is shown where its {confidence} % interval leaves out zero; about "
        "{in_many} in 100 differences of nothing look like one."
    ),
    "sweep": "Sweep",
    "setting": "setting",
    "sensitivity": "What a tenth of each input does to {measure}",
    "input": "input",
    "swing": "swing",
    "nothing": "–",
}

CHINESE = {
    "holds": "达标",
    "at risk": "有风险",
    "misses": "不达标",
    "cannot tell yet": "尚不能判断",
    "at_a_glance": "全天一览",
    "tick": "{start}:{verdict}",
    "not judged": "未判断",
    "comma": ",",
    "names": "、",
    "and_more": "……另有 {count} 项见下文",
    "day": "第 {day} 天",
    "kicker_validate": "排班校验",
    "kicker_run": "仿真结果",
    "kicker_compare": "假设分析",
    "kicker_calibrate": "历史数据校准",
    "kicker_backtest": "回测",
    "asked": "{type} 的目标:{targets}({period})。",
    "target_service_level": "{within} 秒内接通 {value}",
    "target_answer_rate": "接通率不低于 {value}",
    "target_abandonment_rate": "放弃率不高于 {value}",
    "target_asa_seconds": "平均应答速度不超过 {value} 秒",
    "target_blocking_rate": "中继呼损率不高于 {value}",
    "period_interval": "每个 {minutes} 分钟时段",
    "period_day": "按每天",
    "period_whole": "按全部天数",
    "no_share": "没有可判断的目标。",
    "where": "哪里不达标",
    "why": "主要原因",
    "cause": "{when}{type}:{reason}。",
    "promised_only": "({method} 承诺 {promised}{target})",
    "unit_seconds": "秒",
    "no_cause": "没有不达标之处,无需说明原因。",
    "no_promise": "方法 {method} 不承诺等待时间,因此无从解释。",
    "what": "怎么办",
    "nothing_to_do": "无需调整:现有排班已达标。",
    "do": "{price}。在未参与搜索的 {fresh} 个模拟天上,全部目标达标。",
    "not_enough": "规则允许的调整都不够。其中最好的({price})有帮助;此外还缺 {hours} 人时{suffices}。",
    "no_repair": "规则允许的调整都没有帮助。还缺 {hours} 人时{suffices}。",
    "suffices": "",
    "suffices_not": ",即便补足,仍有目标未达到",
    "not_looked": "尚未寻找修复方案;可用此命令寻找:",
    "write_roster": "将修复后的排班写入文件:",
    "spare": "可让出的时间",
    "spare_found": "共 {hours} 人时(20 次中有 19 次至少有这些人空闲);其中最长的:",
    "spare_not_looked": "尚未寻找;可用此命令寻找:",
    "same_command": "同一命令也会给出。",
    "no_spare": "没有:没有哪个时段在 20 次中有 19 次有人空闲。",
    "sure": "假定了什么",
    "nothing_assumed": "没有:场景已全部说明。",
    "turns_first": "会改变结论的假定排在最前。",
    "history": "与历史的吻合程度",
    "unchecked": "尚未与历史数据核对。可与实际发生的日子对照:",
    "met": "{type},{measure}:仿真 {simulated},实际 {observed}。",
    "promise_and_floor": "承诺与现场",
    "intervals": "各时段",
    "not_holding": "未达标的时段",
    "rows_shown": "{type}:{of} 个时段中有 {count} 个不达标或有风险(列出前 {shown} 个);{unclear} 个尚不能判断。",
    "reasons": "从承诺到现场",
    "repairs": "修复方案详情",
    "changes": "调整内容",
    "definitions": "指标口径",
    "assumptions": "假定的内容",
    "left_out": "模型未包含的内容",
    "left_out_list": (
        "重拨:重拨只算作新的来电,而不是对久等的反应。|"
        "转接、回拨,以及一名座席同时服务多个联络。|"
        "座席因排队变长而加快或放慢,或随时间疲劳。|"
        "会改变客户等待意愿的等待时间播报。"
    ),
    "formula": "{measure} = {formula}",
    "formula_within": "{measure} = {formula},T = {within}",
    "within_of": "{seconds} 秒({type})",
    "short": "等待不足 {short} 秒即放弃的,算速挂。",
    "booking_arrival": "联络计入其进入队列的时段。",
    "booking_end": "联络计入其结束的时段。",
    "interval": "误差 ± 为 {confidence}% 置信区间的半宽。",
    "foot": (
        "场景“{scenario}”,哈希 {hash};模拟天数 {replications},种子 {seed},引擎 {engine};"
        "simcenter {version}。场景、种子与版本相同,则本页相同。"
    ),
    "run_finding": "每天 {offered} 个人工请求,接通 {answered},平均应答速度 {asa},放弃 {abandoned}。",
    "run_finding_many": (
        "{days} 天共 {offered} 个人工请求,接通 {answered},平均应答速度 {asa},放弃 {abandoned}。"
    ),
    "run_level": "{within} 内接通 {level}。",
    "run_targets": "目标",
    "target_line": "{type},{measure}:{value};目标 {limit}:{met}",
    "reached": "达到",
    "missed": "未达到",
    "unclear": "太接近,无法判断",
    "run_note": "以上为模拟各天的平均。排班是否逐时段达标、为何不达标,请用:",
    "whole": "总体与各业务类型",
    "total": "合计",
    "measure": "指标",
    "by_interval": "按时段",
    "by_day": "按天",
    "by_group": "按座席组",
    "agent_group": "座席组",
    "start": "开始",
    "day_head": "天",
    "pictures": "图",
    "observed_beside": "实际与仿真对照",
    "observed": "实际",
    "simulated": "仿真",
    "difference": "差异",
    "never": "{types} 的客户从不放弃:场景未给出耐心。",
    "compare_finding": "{name}:{measure} {change}({verdict}),来电相同。",
    "compare_none": "来电相同,各项指标均未见差异。",
    "compare_base": "现状:{values}。",
    "side_by_side": "并列比较",
    "what_if": "假设:{name}",
    "base": "现状",
    "with_change": "假设",
    "verdict": "结论",
    "saved": "方差缩减",
    "times": "{ratio:,.1f} 倍",
    "points": "个百分点",
    "better": "改善",
    "worse": "变差",
    "higher": "升高",
    "lower": "降低",
    "no difference shown": "未见差异",
    "verdict_note": "{confidence}% 区间不含零时才算有差异;每 100 个并不存在的差异中约有 {in_many} 个会被误认。",
    "sweep": "参数扫描",
    "setting": "设定",
    "sensitivity": "各因素变动一成对{measure}的影响",
    "input": "因素",
    "swing": "幅度",
    "nothing": "–",
}

PAGE: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "zh": CHINESE}
