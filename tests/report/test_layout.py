"""Pages: nothing wider than the terminal, colour only where there is some, never colour alone."""

import re

import pytest

from simcenter.report.layout import Page, fitted, page, painted, table, underlined, width, wrapped

HEAD = ["指标", *(f"measure {place}" for place in range(9))]
ROWS = [
    [name, *(f"{1000 * place:,.1f} ± 0.5" for place in range(9))] for name in ("服务水平", "ASA")
]


def test_without_a_page_a_table_is_as_wide_as_it_comes():
    assert len(table(HEAD, ROWS).splitlines()) == 4


@pytest.mark.parametrize("columns", [40, 60, 80, 100, 140])
def test_a_table_folds_into_blocks_that_fit(columns):
    with page(Page(columns)):
        text = table(HEAD, ROWS)
    assert max(width(line) for line in text.splitlines()) <= columns
    for cell in [*HEAD[1:], *ROWS[0][1:]]:
        assert text.count(cell) >= 1
    blocks = text.split("\n\n")
    assert all(block.splitlines()[2].startswith("服务水平") for block in blocks)


def test_a_wider_page_needs_fewer_blocks():
    def blocks(columns):
        with page(Page(columns)):
            return table(HEAD, ROWS).count("\n\n") + 1

    assert blocks(40) > blocks(80) > blocks(240) == 1


def test_columns_are_aligned_by_display_width():
    ends = {
        width(line)
        for line in table(["指标", "值"], [["服务水平", "1"], ["ASA", "22"]]).splitlines()
    }
    assert ends == {12}


def test_prose_fills_a_page_but_no_very_wide_one():
    words = "word " * 100
    for columns, most in ((60, 60), (80, 80), (300, 100)):
        with page(Page(columns)):
            assert most - 5 < max(map(len, wrapped(words).splitlines())) <= most


def test_without_a_page_nothing_is_fitted():
    assert fitted("word " * 100) == "word " * 100


def test_a_long_title_stays_over_its_rule():
    with page(Page(40)):
        *lines, rule = underlined("title " * 20).splitlines()
    assert len(lines) > 1
    assert len(rule) == max(map(len, lines)) <= 40


def test_colour_adds_nothing_but_colour():
    assert painted("misses", "bad") == "misses"
    with page(Page(80, colour=True)):
        red = painted("misses", "bad")
        assert painted("cannot tell yet", None) == "cannot tell yet"
    assert re.sub(r"\x1b\[\d+m", "", red) == "misses"
    assert width(red) == len("misses")
