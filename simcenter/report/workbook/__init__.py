"""Results as workbooks: tables for `simcenter.files.workbook`, worded in a reader's language."""

from simcenter.report.workbook.comparisons import comparison_tables
from simcenter.report.workbook.results import measured_tables, results_tables, staffing_tables
from simcenter.report.workbook.validations import validation_tables

__all__ = [
    "comparison_tables",
    "measured_tables",
    "results_tables",
    "staffing_tables",
    "validation_tables",
]
