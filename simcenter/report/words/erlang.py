"""The words of formulas and of staffing tables."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["TABLE"]

TABLE: Mapping[str, tuple[str, str]] = {
    "agents_net": ("agents", "坐席数"),
    "agents_gross": ("agents to roster", "应排坐席数"),
    "promised": ("promised", "承诺"),
    "probability_of_wait": ("probability of waiting", "等待概率"),
    "infinite": ("no end", "无止境"),
    "overloaded": (
        "Overloaded: more work comes than these agents can do, so by this formula the queue grows without end.",
        "超负荷：到来的工作量超过这些坐席的处理能力，按此公式队列会无止境地增长。",
    ),
    "staffing_title": ("{name}: agents required, by {method}", "{name}：坐席需求，按 {method}"),
    "staffing_note": (
        "Types that share agents are one pool, rounded up once and divided by workload.",
        "共用坐席的业务类型合为一个池，总数只向上取整一次，再按工作量分摊。",
    ),
    "expected": ("expected", "预计量"),
    "erlangs": ("erlangs", "话务量"),
    "required": ("required", "需求"),
    "gross": ("gross", "应排"),
    "measure": ("measure", "指标"),
    "day": ("day", "天"),
    "start": ("start", "开始"),
    "nothing": ("-", "-"),
}
