"""One table in every form in which databases print and dump it reads the same."""

from __future__ import annotations

import pytest

from simcenter.errors import RecordError
from simcenter.floor.records import Outcome
from simcenter.history import guess_mapping, import_history, read_mapping, save_mapping

NAMES = [
    "id",
    "time",
    "callid",
    "queuename",
    "agent",
    "event",
    "data1",
    "data2",
    "data3",
    "data4",
    "data5",
]
LINES = """
1|2026-03-02 08:01:00.100000|1772438450.10|sales|NONE|ENTERQUEUE||O'Neil|1||
2|2026-03-02 08:01:12.100000|1772438450.10|sales|SIP/201|RINGNOANSWER|5000||||
3|2026-03-02 08:01:20.100000|1772438450.10|sales|SIP/202|CONNECT|20|1772438462.11|6||
4|2026-03-02 08:03:20.100000|1772438450.10|sales|SIP/202|COMPLETECALLER|20|120|1||
5|2026-03-02 08:05:00.100000|1772438690.12|sales|NONE|ENTERQUEUE||555(2|1||
6|2026-03-02 08:05:45.100000|1772438690.12|sales|NONE|ABANDON|1|1|45||
"""
ROWS = [line.split("|") for line in LINES.strip().splitlines()]
WIDTHS = [max(len(row[place]) for row in [NAMES, *ROWS]) for place in range(len(NAMES))]


def psql(rows):
    def line(cells):
        padded = (cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=True))
        return " " + " | ".join(padded) + "\n"

    ruled = "+".join("-" * (width + 2) for width in WIDTHS) + "\n"
    count = f"({len(rows)} rows)\n\n"
    return "asterisk=# select * from queue_log;\n" + line(NAMES) + ruled + "".join(
        map(line, rows)
    ) + count  # fmt: skip


def psql_unaligned(rows):
    lines = ["|".join(row) for row in [NAMES, *rows]]
    return "\n".join(lines) + f"\n({len(rows)} rows)\n"


def psql_expanded(rows):
    records = (
        f"-[ RECORD {number} ]-----\n"
        + "".join(f"{name.ljust(9)} | {cell}\n" for name, cell in zip(NAMES, row, strict=True))
        for number, row in enumerate(rows, 1)
    )
    return "".join(records)


def copy(rows):
    lines = ("\t".join(cell or "\\N" for cell in row) + "\n" for row in rows)
    columns = ", ".join(f'"{name}"' if name == "time" else name for name in NAMES)
    return (
        "--\n-- PostgreSQL database dump\n--\n\nSET client_encoding = 'UTF8';\n\n"
        "COPY public.users (id, name) FROM stdin;\n1\tann\n\\.\n\n"
        f"COPY public.queue_log ({columns}) FROM stdin;\n" + "".join(lines) + "\\.\n\n"
    )


def pg_inserts(rows):
    def value(cell):
        doubled = cell.replace("'", "''")
        return f"'{doubled}'" if cell else "NULL"

    return "-- PostgreSQL database dump\n" + "".join(
        f"INSERT INTO public.queue_log VALUES ({row[0]}, {', '.join(map(value, row[1:]))});\n"
        for row in rows
    ).replace("queue_log VALUES", f"queue_log ({', '.join(NAMES)}) VALUES")


def mysql(rows):
    border = "+" + "+".join("-" * (width + 2) for width in WIDTHS) + "+\n"

    def line(cells):
        padded = (cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=True))
        return "| " + " | ".join(padded) + " |\n"

    body = "".join(map(line, rows)).replace("||", "| NULL |")
    count = f"{len(rows)} rows in set (0.01 sec)\n"
    return (
        "mysql> select * from queue_log;\n" + border + line(NAMES) + border + body + border + count
    )


def mysql_batch(rows):
    return "".join("\t".join(cell or "NULL" for cell in row) + "\n" for row in [NAMES, *rows])


def mysql_vertical(rows):
    return "".join(
        f"*************************** {number}. row ***************************\n"
        + "".join(f"{name:>9}: {cell or 'NULL'}\n" for name, cell in zip(NAMES, row, strict=True))
        for number, row in enumerate(rows, 1)
    )


def mysqldump(rows):
    def values(row):
        quoted = (cell.replace("'", "\\'") for cell in row[1:])
        return f"({row[0]}," + ",".join(f"'{cell}'" for cell in quoted) + ")"

    columns = ",\n".join(f"  `{name}` varchar(80) DEFAULT NULL" for name in NAMES)
    return (
        "-- MySQL dump 10.13  Distrib 8.0\n\n"
        "CREATE TABLE `cdr` (\n  `id` int,\n  `src` text\n) ENGINE=InnoDB;\n"
        "INSERT INTO `cdr` VALUES (1,'a'),(2,'b'),(3,'c'),(4,'d'),(5,'e'),(6,'f'),(7,'g');\n"
        f"CREATE TABLE `queue_log` (\n{columns},\n  PRIMARY KEY (`id`)\n) ENGINE=InnoDB;\n"
        "LOCK TABLES `queue_log` WRITE;\n"
        "INSERT INTO `queue_log` VALUES " + ",".join(map(values, rows[:4])) + ";\n"
        "INSERT INTO `queue_log` VALUES " + ",".join(map(values, rows[4:])) + ";\n"
        "UNLOCK TABLES;\n"
    )


def headless(rows):
    return "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows)


def bars(rows):
    return "".join("|".join(row[1:]) + "\n" for row in rows)


FORMS = {
    one.__name__: one
    for one in (
        *(psql, psql_unaligned, psql_expanded, copy, pg_inserts),
        *(mysql, mysql_batch, mysql_vertical, mysqldump, headless, bars),
    )
}


def written(tmp_path, text):
    path = tmp_path / "queue_log.txt"
    path.write_text(text, encoding="utf-8", newline="")
    return path


def check(table):
    assert [Outcome(code).name for code in table.outcome] == ["answered", "abandoned"]
    assert table.types == ("sales",)
    np_times = (table.wait_s.tolist(), table.talk_s[0], table.ring_s[0])
    assert np_times == ([20, 45], 120, 6)
    assert table.callers == ("555(2", "O'Neil")
    assert table.agents == ("202",)


@pytest.mark.parametrize("form", FORMS)
def test_a_dump_reads_by_itself_and_by_its_saved_mapping(tmp_path, form):
    path = written(tmp_path, FORMS[form](ROWS))
    guess = guess_mapping([path])
    assert guess.mapping.kind == "queue-log"
    found = import_history([path], guess.mapping)
    check(found.contacts)
    assert found.report.dropped == ()
    saved = tmp_path / "mapping.toml"
    save_mapping(saved, guess.mapping)
    check(import_history([path], read_mapping(saved)).contacts)


@pytest.mark.parametrize("form", ["psql", "mysql", "mysqldump", "copy", "bars"])
def test_line_ends_and_a_mark_of_other_systems(tmp_path, form):
    text = "\ufeff" + FORMS[form](ROWS).replace("\n", "\r\n")
    path = written(tmp_path, text)
    check(import_history([path], guess_mapping([path]).mapping).contacts)


@pytest.mark.parametrize("form", ["copy", "pg_inserts", "mysql", "mysqldump"])
def test_a_dump_that_is_cut_off_says_so(tmp_path, form):
    text = FORMS[form](ROWS)
    path = written(tmp_path, text[: text.index("1772438690.12", text.index("ABANDON") - 80) + 5])
    guess = guess_mapping([path])
    report = import_history([path], guess.mapping).report
    assert "its end is missing: cut off?" in str(guess.told)
    assert report.dropped[0].reason == "too few cells: cut off"


def test_a_dump_of_contacts(tmp_path):
    text = (
        "   start_time        | queue | wait_time | talk_time | status   \n"
        "---------------------+-------+-----------+-----------+----------\n"
        " 2026-03-02 08:00:00 | 销售  |        10 |       100 | answered \n"
        " 2026-03-02 08:05:00 | 服务  |        30 |         0 | abandoned\n"
        " 2026-03-02 08:25:00 | 服务  |        20 |       200 | answered \n"
        "(3 rows)\n"
    )
    path = written(tmp_path, text)
    table = import_history([path], guess_mapping([path]).mapping).contacts
    assert sorted(table.types) == sorted(("销售", "服务"))
    assert table.wait_s.tolist() == [10, 30, 20]


def test_a_mapping_of_another_form_or_table_is_refused(tmp_path):
    path = written(tmp_path, mysqldump(ROWS))
    mapping = guess_mapping([path]).mapping
    other = mapping.model_copy(update={"file": mapping.file.model_copy(update={"sheet": "cel"})})
    with pytest.raises(RecordError, match="unknown table 'cel'"):
        import_history([path], other)
    with pytest.raises(
        RecordError, match=r"file.form is 'inserts', but it is not a dump by INSERT"
    ):
        import_history([written(tmp_path, "a,b\n1,2\n")], mapping)


def test_the_old_column_of_all_parameters(tmp_path):
    names = ["time", "callid", "queuename", "agent", "event", "data"]
    lines = [",".join(names)]
    lines += [",".join([*row[1:6], "|".join(row[6:]).rstrip("|")]) for row in ROWS]
    path = written(tmp_path, "\n".join(lines) + "\n")
    check(import_history([path], guess_mapping([path]).mapping).contacts)


def test_numbered_columns_win_over_a_bare_one(tmp_path):
    names = [*NAMES[:6], "data", *NAMES[6:]]
    lines = [",".join(names), *(",".join([*row[:6], "", *row[6:]]) for row in ROWS)]
    path = written(tmp_path, "\n".join(lines) + "\n")
    check(import_history([path], guess_mapping([path]).mapping).contacts)
