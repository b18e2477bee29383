"""Reading any text or table, and writing whole files or none."""

from __future__ import annotations

import io
import os
import stat
import threading
from pathlib import Path

import pytest
import xlsxwriter

from simcenter.errors import OutputError, RecordError, ScenarioError
from simcenter.files.encoding import text_of
from simcenter.files.text import (
    check_writable,
    filled_sheets,
    read_sheet,
    read_text,
    replacing,
    write_text,
)
from tests.files.desk import put


def names_in(folder):
    return [entry.name for entry in folder.iterdir()]


AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


def test_text_is_read_without_its_mark(tmp_path):
    assert read_text(put(tmp_path, "a.txt", "\ufeffäöü"), ScenarioError) == "äöü"


@pytest.mark.skipif(AS_ROOT, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path):
    path = put(tmp_path, "a.txt", "x")
    path.chmod(0)
    with pytest.raises(ScenarioError, match=r"a\.txt: cannot be read \(Permission denied\)"):
        read_text(path, ScenarioError)


def test_a_sheet_knows_lines_and_places(tmp_path):
    sheet = read_sheet(put(tmp_path, "a.csv", 'one,two\n\n1,2\n"a\nb",3\n4,5\n'), ScenarioError)
    assert sheet.columns == ("one", "two")
    assert sheet.rows == [["1", "2"], ["a\nb", "3"], ["4", "5"]]
    assert sheet.place(0) == f"{tmp_path}/a.csv: line 3"
    assert sheet.place(2, "two") == f"{tmp_path}/a.csv: line 6, column two"
    assert sheet.number(2, 1) == 5.0


@pytest.mark.parametrize("text", ["", "x", "-0.1", "1e10", "nan", "inf", "1,5"])
def test_a_number_out_of_its_bounds_is_refused_with_its_place(tmp_path, text):
    sheet = read_sheet(put(tmp_path, "a.csv", f"one;two\n1;{text}\n"), ScenarioError)
    with pytest.raises(
        ScenarioError,
        match=rf"a\.csv: line 2, column two: got '{text}'; must be a number from 0 to 1000000000$",
    ):
        sheet.number(0, 1)


def test_an_unknown_column_of_very_many_is_told_in_short(tmp_path):
    sheet = read_sheet(
        put(tmp_path, "a.csv", ",".join(f"c{n}" for n in range(500)) + "\n"), ScenarioError
    )
    with pytest.raises(ScenarioError, match=r"known: c0, .*c49, …$") as fault:
        sheet.index("d")
    assert len(str(fault.value)) < 1000


def test_unnamed_columns_may_repeat_and_named_ones_not(tmp_path):
    assert read_sheet(put(tmp_path, "a.csv", "one,,\n1,2,3\n"), ScenarioError).columns == (
        "one",
        "",
        "",
    )
    with pytest.raises(ScenarioError, match="column 'one' stands twice in the header"):
        read_sheet(put(tmp_path, "a.csv", "one,one \n"), ScenarioError)


def test_a_file_is_written_whole(tmp_path):
    path = tmp_path / "a.txt"
    write_text(path, "äöü\r\n", force=False)
    assert path.read_bytes() == "äöü\r\n".encode()
    write_text(path, lambda stream: stream.write("new"), force=True)
    assert path.read_text() == "new"
    assert names_in(tmp_path) == ["a.txt"]


def test_a_written_file_has_the_usual_rights(tmp_path):
    usual, written = tmp_path / "usual", tmp_path / "written"
    usual.write_text("")
    write_text(written, "", force=False)
    assert stat.S_IMODE(written.stat().st_mode) == stat.S_IMODE(usual.stat().st_mode)


def test_a_file_is_not_replaced_without_leave(tmp_path):
    path = put(tmp_path, "a.txt", "old")
    with pytest.raises(OutputError, match=r"a\.txt: exists already; use --force to overwrite it"):
        write_text(path, "new", force=False)
    assert path.read_text() == "old"


def test_when_writing_fails_the_old_file_stays_and_nothing_else(tmp_path):
    path = put(tmp_path, "a.txt", "old")

    def fails(stream):
        stream.write("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_text(path, fails, force=True)
    assert path.read_text() == "old"
    assert names_in(tmp_path) == ["a.txt"]


def test_a_full_disk_is_told_in_one_sentence(tmp_path):
    def full(_stream):
        raise OSError(28, "No space left on device")

    with pytest.raises(OutputError, match=r"a\.txt: cannot be written \(No space left on device\)"):
        write_text(tmp_path / "a.txt", full, force=False)
    assert names_in(tmp_path) == []


def test_where_nothing_can_be_written(tmp_path):
    with pytest.raises(OutputError, match="is a directory; a file name is needed"):
        check_writable(tmp_path, force=True)
    with pytest.raises(OutputError, match=r"x/a\.txt: the folder .*x does not exist"):
        check_writable(tmp_path / "x" / "a.txt", force=True)


@pytest.mark.skipif(AS_ROOT, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_to(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="cannot be written to"):
        check_writable(tmp_path / "a.txt", force=False)
    tmp_path.chmod(0o700)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
@pytest.mark.parametrize("way", ["text", "part"])
def test_a_pipe_takes_what_is_written_and_stays(tmp_path, way):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    taken = []
    reader = threading.Thread(target=lambda: taken.append(pipe.read_text(encoding="utf-8")))
    reader.start()
    if way == "text":
        write_text(pipe, "{}\n", force=False)
    else:
        with replacing(pipe) as part:
            part.write_text("{}\n", encoding="utf-8")
    reader.join()
    assert taken == ["{}\n"]
    assert pipe.is_fifo()
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
class TestOnlyFilesAreRead:
    @pytest.mark.parametrize("device", ["/dev/zero", "/dev/null"])
    @pytest.mark.parametrize("error", [ScenarioError, RecordError])
    def test_a_device_is_none(self, device, error):
        with pytest.raises(error, match=f"{device}: is a device or a pipe; a file is needed"):
            read_text(Path(device), error)

    def test_a_pipe_into_which_nobody_may_ever_write_is_none(self, tmp_path):
        os.mkfifo(tmp_path / "pipe.toml")
        with pytest.raises(ScenarioError, match=r"pipe\.toml: is a device or a pipe"):
            read_text(tmp_path / "pipe.toml", ScenarioError)

    def test_records_may_come_through_a_pipe(self, tmp_path):
        os.mkfifo(tmp_path / "pipe.csv")
        writer = threading.Thread(target=(tmp_path / "pipe.csv").write_text, args=("a,b\n",))
        writer.start()
        assert read_text(tmp_path / "pipe.csv", RecordError) == "a,b\n"
        writer.join()

    @pytest.mark.skipif(not Path("/dev/fd").exists(), reason="needs /dev/fd")
    def test_what_is_open_already_may_be_read(self):
        out, into = os.pipe()
        os.write(into, b"name = 1\n")
        os.close(into)
        assert read_text(Path(f"/dev/fd/{out}"), ScenarioError) == "name = 1\n"
        os.close(out)


def test_the_null_device_stays_what_it_is():
    write_text(Path(os.devnull), "gone", force=False)
    assert Path(os.devnull).is_char_device()


def workbook(folder, cell, text):
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made)
    sheet = book.add_worksheet("one")
    for row in range(5):
        sheet.write_row(row, 0, ["a", "b"])
    sheet.write(cell, text)
    book.close()
    return put(folder, "far.xlsx", made.getvalue())


@pytest.mark.parametrize("cell", ["XFD1048576", "B1048576", "XFD2000"])
@pytest.mark.parametrize("text", ["x", " "])
def test_a_workbook_with_a_far_cell_is_refused_before_it_is_read(tmp_path, cell, text):
    path = workbook(tmp_path, cell, text)
    with pytest.raises(
        ScenarioError, match=f"last row or column is {cell}; delete the rows"
    ) as fault:
        filled_sheets(path, ScenarioError)
    assert "\n" not in str(fault.value)


def test_a_workbook_with_a_remark_aside_is_read(tmp_path):
    rows = filled_sheets(workbook(tmp_path, "AZ90", "x"), ScenarioError)["one"]
    assert len(rows) == 6


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("早,中,晚\n", "gbk"),
        ("坐席,张伟\n", "gb18030"),
        ("Zürich,Genève\n", "cp1252"),
        ("Jääskeläinen,Käärijä\n", "latin-1"),
        ("agent,组\n", "utf-16-le"),
        ("agent,组\n", "utf-16"),
        ("agent,组\n", "utf-8-sig"),
    ],
)
def test_the_encoding_of_a_table_is_found(text, encoding):
    assert text_of(text.encode(encoding)) == text


def test_a_text_in_two_encodings_is_not_guessed_at():
    assert text_of("组\n".encode() + "组\n".encode("gbk")) is None
