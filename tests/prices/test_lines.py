"""Lines of a file of price data: found in the open file as in the whole text, whatever becomes of the file."""

from __future__ import annotations

import json
import os
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmcost import CostMap, PriceDataError
from llmcost.prices import data_sets, lines
from llmcost.prices.data_sets import HISTORY, INFO, MAP, PACKAGED, DataSet
from llmcost.prices.lines import Lines, OpenFile

pytestmark = pytest.mark.skipif(not hasattr(os, "pread"), reason="this system reads its files whole")


def opened(path, again=lambda: b"read again"):
    descriptor = os.open(path, os.O_RDONLY)
    return OpenFile(descriptor, again)


def of_text(folder, text):
    path = folder / "map.json"
    path.write_bytes(text)
    return opened(path)


def a_map(names, end=b"\n}\n"):
    return b"{\n" + b",\n".join(lines.quoted(name) + b':{"mode":"chat"}' for name in names) + end


@pytest.mark.parametrize("name", [MAP, HISTORY])
def test_every_line_of_the_bundled_files_is_found_in_the_open_file(name, monkeypatch):
    """The files are sorted by name, and no line of them is longer than a part: none has to be read whole."""
    text = PACKAGED.read(name)
    file = PACKAGED.lines(name)._file
    monkeypatch.setattr(lines, "_MOST_HALVED", 10**9)
    rows = [line for line in text.split(b"\n") if line.startswith(b'"')]
    assert len(rows) > 6000
    for row in rows:
        assert file.line(row[: row.index(b'":') + 1]) == row.rstrip(b",")


@given(st.sets(st.text(st.characters(exclude_categories=("Cs",)), max_size=6), max_size=40), st.text(max_size=6))
def test_the_open_file_and_the_text_have_the_same_lines(tmp_path_factory, names, sought):
    """Whatever the names are, in whatever order: what the open file does not find is looked for in the whole text."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "_PART", 64)
        text = a_map(names)
        for ordered in (list(names), sorted(names)):
            text = a_map(ordered)
            for name in (*ordered, sought):
                found = Lines(of_text(tmp_path_factory.mktemp("lines"), text)).find(name)
                assert found == Lines(text).find(name)
                assert (found is not None) == (name in names)


@pytest.mark.parametrize("end", [b"\n}\n", b"\n}", b"}"])
def test_the_first_and_the_last_line(tmp_path, end):
    """A file may stop after its last entry."""
    text = a_map(["a", "b", "c"], end)
    for name in ("a", "c", "d"):
        assert Lines(of_text(tmp_path, text)).find(name) == Lines(text).find(name)


def test_a_process_that_prices_one_model_reads_no_file_whole(monkeypatch):
    """Neither the map nor its history, also where the response says when it was made."""
    monkeypatch.setattr(lines, "_shared", {})
    cards = CostMap()
    response = {
        "model": "gpt-4o-2024-08-06",
        "created": 1764547200,
        "usage": {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100},
    }
    # 1,000 tokens at 2.50 USD and 100 at 10 USD a million: https://platform.openai.com/docs/pricing
    assert cards.calculate(response).response_cost == 0.0035
    origin = cards._origin
    assert cards._base._lines._text is None
    assert origin._history._lines._text is None
    with pytest.raises(LookupError):
        cards.calculate({**response, "model": "no-such-model"})
    assert cards._base._lines._text == PACKAGED.read(MAP)


def test_after_many_names_the_text_is_read_whole(tmp_path):
    """The next name is found faster there."""
    names = [f"m{number:03}" for number in range(60)]
    found = Lines(of_text(tmp_path, a_map(names)))
    for name in names[: lines._MOST_HALVED]:
        assert found.find(name) == lines.quoted(name) + b':{"mode":"chat"}'
    assert found._text is None
    assert found.find(names[-1]) == b'"m059":{"mode":"chat"}'
    assert found._text == a_map(names)


def test_a_replaced_file_is_read_to_its_end(tmp_path):
    """A new release in its place does not reach a process that began with the former one."""
    path, old = tmp_path / "map.json", a_map(["a", "b"])
    path.write_bytes(old)
    found = Lines(opened(path))
    (tmp_path / "new").write_bytes(a_map(["c"]))
    (tmp_path / "new").replace(path)
    assert (found.find("a"), found.find("c"), found.text) == (b'"a":{"mode":"chat"}', None, old)


@pytest.mark.parametrize("what", ["closed", "reused", "written"])
def test_a_lost_file_is_read_again_by_its_path(tmp_path, what):
    """A daemon closes all files when it starts; the number may then be that of another file, which stays open."""
    path = tmp_path / "map.json"
    path.write_bytes(a_map(["a"]))
    file = opened(path, lambda: a_map(["a", "z"]))
    found, descriptor = Lines(file), file._descriptor
    if what == "written":
        path.write_bytes(a_map(["a", "longer"]))
    elif what == "closed":
        os.close(descriptor)
    else:
        (tmp_path / "other").write_bytes(b'{\n"a":{"mode":"other"}\n}')
        other = os.open(tmp_path / "other", os.O_RDONLY)
        os.dup2(other, descriptor)
        os.close(other)
    assert found.beginning == found.text == a_map(["a", "z"])
    assert (found.find("a"), found.find("z")) == (b'"a":{"mode":"chat"}', b'"z":{"mode":"chat"}')
    del found, file
    if what == "reused":
        assert os.pread(descriptor, 1, 0) == b"{"
        os.close(descriptor)


def test_a_file_is_closed_with_its_lines(tmp_path):
    """Descriptors do not pile up."""
    file = of_text(tmp_path, a_map(["a"]))
    descriptor = file._descriptor
    del file
    with pytest.raises(OSError, match="descriptor"):
        os.fstat(descriptor)


def test_many_maps_of_one_file_have_one_descriptor(tmp_path, monkeypatch):
    """Descriptors are few. A file that is replaced is another one, and of many files the last ones are shared."""
    monkeypatch.setattr(lines, "_shared", {})
    path, text = tmp_path / MAP, a_map(["a"])
    path.write_bytes(text)
    (tmp_path / INFO).write_text(json.dumps({"sizes": {MAP: len(text)}}))
    first = DataSet("mine", (f"{tmp_path}/",)).lines(MAP)
    assert DataSet("mine", (f"{tmp_path}/",)).lines(MAP) is first
    for number in range(lines._MOST_SHARED + 1):
        (tmp_path / "new").write_bytes(a_map(["b"]))
        (tmp_path / "new").replace(path)
        os.utime(path, ns=(0, number))
        newer = DataSet("mine", (f"{tmp_path}/",)).lines(MAP)
        assert newer is not first
        assert (newer.find("b"), first.find("a")) == (b'"b":{"mode":"chat"}', b'"a":{"mode":"chat"}')
    assert len(lines._shared) == lines._MOST_SHARED


def test_a_file_of_another_size_than_its_set_states_is_an_error(tmp_path):
    """It was cut off, or is of another release; so it is for its lines as for its text."""
    (tmp_path / MAP).write_bytes(a_map(["a"]))
    (tmp_path / INFO).write_text(json.dumps({"sizes": {MAP: 5}}))
    damaged = DataSet("mine", (f"{tmp_path}/",))
    for read in (damaged.read, damaged.lines):
        with pytest.raises(PriceDataError, match=r"has 24 bytes, and map_info\.json states 5"):
            read(MAP)
    assert damaged.lines(HISTORY) is None


def test_a_lost_file_that_has_gone_is_an_error(tmp_path):
    """An empty text would say that no model has a price, or a past."""
    text = a_map(["a"])
    (tmp_path / MAP).write_bytes(text)
    (tmp_path / INFO).write_text(json.dumps({"sizes": {MAP: len(text)}}))
    found = DataSet("mine", (f"{tmp_path}/",)).lines(MAP)
    (tmp_path / MAP).write_bytes(b"")
    (tmp_path / MAP).unlink()
    with pytest.raises(PriceDataError, match=r"model_prices\.json of mine has gone"):
        found.find("a")


@pytest.mark.parametrize("listed_first", [True, False])
def test_names_that_another_program_wrote_with_escapes_are_found(tmp_path, listed_first):
    r"""PHP writes ``\/`` for a slash, many write ``\u00e8`` for a letter: 1,000 tokens at 1 USD a million."""
    row = '{"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06}'
    (tmp_path / "map.json").write_text(f'{{\n"azure\\/mine": {row},\n"mod\\u00e8le": {row},\n"plain": {row}\n}}\n')
    cards = CostMap(tmp_path / "map.json")
    if listed_first:
        assert sorted(cards) == ["azure/mine", "modèle", "plain"]
    for name in ("azure/mine", "modèle", "plain"):
        assert cards.cost_per_token(name, 1000, 0) == (0.001, 0.0)
        assert name in cards


def test_where_files_cannot_be_read_in_parts_they_are_read_whole(monkeypatch):
    """Windows has no such call."""
    monkeypatch.delattr(data_sets.os, "pread")
    assert PACKAGED.again().lines(MAP)._text == PACKAGED.read(MAP)


@pytest.mark.parametrize("parts", [2, 9])
def test_a_long_line_makes_the_text_be_read_whole(tmp_path, parts):
    """A row may be longer than a part, and than the whole way that halving leaves."""
    text = b'{\n"a":{"note":"' + b"x" * (parts * lines._PART) + b'"},\n"b":{"mode":"chat"}\n}'
    assert Lines(of_text(tmp_path, text)).beginning == text
    assert Lines(of_text(tmp_path, text)).find("b") == b'"b":{"mode":"chat"}'


def test_a_lost_file_of_a_set_is_read_anew(tmp_path):
    """A process that starts as a daemon closes its files: those of the set are still there."""
    text = a_map(["a", "b"])
    (tmp_path / MAP).write_bytes(text)
    (tmp_path / INFO).write_text(json.dumps({"sizes": {MAP: len(text)}}))
    found = DataSet("mine", (f"{tmp_path}/",)).lines(MAP)
    os.close(found._file._descriptor)
    assert (found.find("b"), found.text) == (b'"b":{"mode":"chat"}', text)


def test_what_is_no_name_is_passed_over():
    """A text that is no JSON may have escapes that JSON does not know; the names beside them are found."""
    assert list(Lines(b'{\n"a\\q":{},\n"b\\u0062":{}\n}').index()) == [b'"bb"']


def test_many_names_are_found_by_the_index(monkeypatch):
    """The whole text is looked through for the first three; the answers stay the same."""

    class Text(bytes):
        looks = 0

        def find(self, wanted, *bounds):
            type(self).looks += wanted.startswith(b'\n"')
            return super().find(wanted, *bounds)

    monkeypatch.setattr(lines, "_MOST_LOOKS", 3)
    found = Lines(Text(b'{\n"a": {},\n"b": {}\n}'))
    asked = ("a", "x", "b", "y", "b", "x", "a")
    assert [found.find(name) for name in asked] == [b'"a": {}', None, b'"b": {}', None, b'"b": {}', None, b'"a": {}']
    assert Text.looks == 3


def test_lines_travel_to_another_process(tmp_path):
    """As their text: the file that is open here is not open there."""
    found = Lines(of_text(tmp_path, b'{\n"a": {"x": 1},\n"b": {"x": 2}\n}\n'))
    assert found.find("b") == b'"b": {"x": 2}'
    other = pickle.loads(pickle.dumps(found))
    assert (other.find("b"), other.find("c"), other.text) == (b'"b": {"x": 2}', None, found.text)
