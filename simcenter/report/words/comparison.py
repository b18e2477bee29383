"""The words of comparisons, sweeps and sensitivities."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["TABLE"]

TABLE: Mapping[str, tuple[str, str]] = {
    "compare_title": (
        "{name}: {what_ifs} on the same callers, {replications} replications (seed {seed}, engine {engine}, scenario {hash})",
        "{name}：同一批来电对照 {what_ifs}，模拟 {replications} 天（种子 {seed}，引擎 {engine}，场景 {hash}）",
    ),
    "compare_title_one": (
        "{name}: {what_ifs} on the same callers, 1 replication (seed {seed}, engine {engine}, scenario {hash})",
        "{name}：同一批来电对照 {what_ifs}，模拟 1 天（种子 {seed}，引擎 {engine}，场景 {hash}）",
    ),
    "one_scenario_beside": ("1 scenario beside the base", "1 个方案"),
    "scenarios_beside": ("{count} scenarios beside the base", "{count} 个方案"),
    "verdict_note": (
        "A difference is called where five days or more differ, their signs are more than chance and its {confidence} % interval leaves out zero; at most {in_many} in 100 differences of nothing are.",
        "至少五天有差别、其正负并非偶然、且 {confidence}% 区间不含零，才算有差异；本无差异的 100 个中至多有 {in_many} 个会被误认。",
    ),
    "side_by_side": ("Side by side", "并列对照"),
    "what_if": ("What if: {name}", "假设：{name}"),
    "base": ("base", "基准"),
    "the_what_if": ("what-if", "假设"),
    "verdict": ("verdict", "结论"),
    "variance_saved": ("variance saved", "方差缩减"),
    "times": ("{ratio:,.1f}x", "{ratio:,.1f} 倍"),
    "points": ("points", "百分点"),
    "sweep": ("Sweep of {key}", "逐一取值：{key}"),
    "grid": ("{measure}: {rows} down, {columns} across", "{measure}：行为 {rows}，列为 {columns}"),
    "sensitivity": (
        "Sensitivity of {measure} (base {value}): what a tenth does to it",
        "{measure}的敏感度（基准 {value}）：各因素增减一成的影响",
    ),
    "input": ("input", "因素"),
    "swing": ("swing", "摆幅"),
    "better": ("better", "变好"),
    "worse": ("worse", "变差"),
    "higher": ("higher", "更高"),
    "lower": ("lower", "更低"),
    "no difference shown": ("no difference shown", "未见差异"),
    "measure": ("measure", "指标"),
    "total": ("total", "合计"),
    "difference": ("difference", "差异"),
    "nothing": ("-", "-"),
}
