"""What the classroom says beside its page: sliders, refusals, and why a promise was not kept."""

from __future__ import annotations

__all__ = ["CHOICES", "COMMANDS", "REASONS", "REFUSALS", "SLIDERS", "UNITS"]

SLIDERS = {
    "en": {
        "volume": "Volume",
        "handle": "Mean handle time",
        "shape": "Shape of handle times",
        "patience": "Mean patience",
        "agents": "Agents",
        "breaks": "Breaks",
        "lateness": "Back late, on average",
        "ivr": "Served by the IVR",
        "teams": "Teams",
    },
    "zh": {
        "volume": "话务量",
        "handle": "平均处理时长",
        "shape": "处理时长的分布",
        "patience": "平均耐心",
        "agents": "坐席人数",
        "breaks": "休息安排",
        "lateness": "平均迟到",
        "ivr": "IVR 自助比例",
        "teams": "班组",
    },
}
"""What each slider changes."""

CHOICES = {
    "en": {
        "shape.given": "as in the scenario",
        "shape.constant": "constant: all alike",
        "shape.exponential": "exponential: as the formulas have it",
        "shape.lognormal": "lognormal: a few very long (cv 2)",
        "patience.never": "never give up",
        "breaks.given": "as rostered",
        "breaks.bunched": "bunched: all at one time",
        "breaks.staggered": "staggered: in turns",
        "teams.given": "as in the scenario",
        "teams.pooled": "pooled: everybody serves all",
        "teams.split": "split: each team its own",
    },
    "zh": {
        "shape.given": "按场景原样",
        "shape.constant": "固定:都一样长",
        "shape.exponential": "指数:公式的假设",
        "shape.lognormal": "对数正态:少数特别长(变异系数 2)",
        "patience.never": "从不放弃",
        "breaks.given": "按排班原样",
        "breaks.bunched": "扎堆:同一时间",
        "breaks.staggered": "错开:轮流",
        "teams.given": "按场景原样",
        "teams.pooled": "合并:人人接所有业务",
        "teams.split": "分开:各接各的",
    },
}
"""Named values of sliders."""

UNITS = {
    "en": {"": "", "times": "×", "seconds": "s", "minutes": "min", "agents": "", "share": ""},
    "zh": {"": "", "times": "×", "seconds": "秒", "minutes": "分钟", "agents": "人", "share": ""},
}
"""Units of sliders."""

REFUSALS = {
    "en": {
        "choice": "{slider}: got '{value}'; allowed: {known}.",
        "range": "{slider}: got '{value}'; allowed is a number from {least} to {most}.",
        "slider": "changes: there is no slider '{slider}'; known: {known}.",
        "changes": "changes: must be an object of values by slider.",
        "seed": "seed: must be a whole number from 0 to {most}.",
        "base": "base: there is no '{base}' to start from; known: {known}.",
        "days": "days: must be a whole number from 2 to {most}.",
        "contact": "contact: must be a whole number from 1 to {most}.",
        "contacts": "The day would bring {expected} contacts; the page shows at most {most}.",
        "contacts_in_all": "All days together would bring {expected} contacts; for the page at most {most} are simulated.",
        "people": "The scenario would have {agents} agents; the page shows at most {most}.",
        "json": "The request must be one JSON object without NaN and without double keys.",
        "keys": "The request has the unknown key '{key}'; known: {known}.",
        "missing": "The request lacks '{key}'.",
        "type": "The request must be of the type application/json.",
        "body": "The request is longer than {most} bytes.",
        "host": "This server answers only requests to its own address.",
        "origin": "This server answers only its own page.",
        "path": "There is no such page here.",
        "method": "This address does not take {method}.",
        "busy": "The engine is busy with too many requests; try again in a moment.",
        "inner": "The engine stopped for a fault of its own; the terminal says more.",
        "scenario": "{fault}.",
    },
    "zh": {
        "choice": "{slider}:得到“{value}”;可选:{known}。",
        "range": "{slider}:得到“{value}”;应为 {least} 到 {most} 之间的数。",
        "slider": "changes:没有滑块“{slider}”;已有:{known}。",
        "changes": "changes:应为“滑块: 值”的对象。",
        "seed": "seed:应为 0 到 {most} 之间的整数。",
        "base": "base:没有“{base}”可以作为起点;已有:{known}。",
        "days": "days:应为 2 到 {most} 之间的整数。",
        "contact": "contact:应为 1 到 {most} 之间的整数。",
        "contacts": "这一天会有 {expected} 个联络;页面最多显示 {most} 个。",
        "contacts_in_all": "所有天合计会有 {expected} 个联络;页面最多模拟 {most} 个。",
        "people": "场景会有 {agents} 名坐席;页面最多显示 {most} 名。",
        "json": "请求应为一个 JSON 对象,不含 NaN,也不含重复的键。",
        "keys": "请求中有未知的键“{key}”;已有:{known}。",
        "missing": "请求缺少“{key}”。",
        "type": "请求的类型应为 application/json。",
        "body": "请求超过 {most} 字节。",
        "host": "本服务只回答发给自身地址的请求。",
        "origin": "本服务只回答自己的页面。",
        "path": "这里没有这个页面。",
        "method": "此地址不接受 {method}。",
        "busy": "请求太多,引擎正忙;请稍后再试。",
        "inner": "引擎因自身故障停止;详情见终端。",
        "scenario": "场景有误:{fault}",
    },
}
"""Why a request is refused."""

REASONS = {
    "en": {
        "nothing": "Nobody came, so there is nothing to compare.",
        "alike": "Answered in time: Erlang C promised {c}{gave_up}, Erlang A {a}; the floor gave {floor}, much as promised by {formula}.",
        "differs": "Answered in time: Erlang C promised {c}{gave_up}, Erlang A {a}; the floor gave {floor}: {reasons}.",
        "percent": "{share:.1f} %",
        "percent_no_end": "{share:.1f} % and waits without end",
        "and": "; ",
        "more": "{count} contacts came, {percent} % more than expected",
        "fewer": "{count} contacts came, {percent} % fewer than expected",
        "longer": "handling took {aht} s on average and not {expected} s",
        "shorter": "handling took {aht} s on average and not {expected} s",
        "gave_up": " (not knowing that {count} callers gave up and made room for the others)",
        "away": "agents were late or absent for {hours} hours, of which a formula knows nothing",
        "overload_worse": "in {count} of {all} intervals more work came than agents can do, and the queue went over into the next",
        "overload_better": "in {count} of {all} intervals more work came than agents can do, but the queue had no time to grow as far as the formula has it",
        "varied": "handle times vary more than the formula has it (cv {cv})",
        "steady": "handle times vary less than the formula has it (cv {cv})",
        "skills": "not every agent can serve every contact, as the formula has it",
        "chance": "by chance, for one day is one draw",
    },
    "zh": {
        "nothing": "没有来电,无从比较。",
        "alike": "及时接通:Erlang C 承诺 {c}{gave_up},Erlang A 承诺 {a};现场为 {floor},与 {formula} 的承诺大致相同。",
        "differs": "及时接通:Erlang C 承诺 {c}{gave_up},Erlang A 承诺 {a};现场为 {floor}:{reasons}。",
        "percent": "{share:.1f}%",
        "percent_no_end": "{share:.1f}%(等待无止境)",
        "and": ";",
        "more": "来了 {count} 个联络,比预期多 {percent}%",
        "fewer": "来了 {count} 个联络,比预期少 {percent}%",
        "longer": "平均处理时长是 {aht} 秒,而不是 {expected} 秒",
        "shorter": "平均处理时长是 {aht} 秒,而不是 {expected} 秒",
        "gave_up": "(它不知道有 {count} 位客户放弃,给其他人让出了位置)",
        "away": "坐席迟到或缺勤共 {hours} 小时,公式对此一无所知",
        "overload_worse": "{all} 个时段中有 {count} 个时段的工作量超过坐席所能处理,排队延续到下一时段",
        "overload_better": "{all} 个时段中有 {count} 个时段的工作量超过坐席所能处理,但排队还来不及增长到公式所说的程度",
        "varied": "处理时长的波动比公式假设的大(变异系数 {cv})",
        "steady": "处理时长的波动比公式假设的小(变异系数 {cv})",
        "skills": "公式假设人人都能接所有业务,实际并非如此",
        "chance": "出于偶然,因为一天只是一次抽样",
    },
}
"""Why a day is not as a formula promised."""

COMMANDS = {
    "en": {
        "serving": "The page is at {address} (Ctrl-C stops it).",
        "taken": "simcenter: port {port} is taken; the next free one is used",
        "open": "simcenter: listening on {host}: whoever reaches this computer can open the page",
        "written": "{path}: {size} MB, opens without a network.",
    },
    "zh": {
        "serving": "页面地址:{address}(按 Ctrl-C 停止)。",
        "taken": "simcenter:端口 {port} 已被占用,改用下一个空闲端口",
        "open": "simcenter:正在监听 {host}:能访问本机的人都能打开页面",
        "written": "{path}:{size} MB,无需网络即可打开。",
    },
}
"""What the commands say."""
