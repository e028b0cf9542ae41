"""JSON values from texts of every layout."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmcost.logs.values import Break, Problem, Value, values


def read(text):
    found = values(io.StringIO(text))
    return [item._replace(text=None) if isinstance(item, Value) else item for item in found]


def objects(found):
    return [item.value for item in found if isinstance(item, Value)]


def test_one_object_a_line():
    """Each line is a value, with its number."""
    assert read('{"a": 1}\n\n{"b": 2}\n') == [Value(1, {"a": 1}), Value(3, {"b": 2})]


def test_a_line_of_its_own_keeps_its_text():
    """From which it can be read again; what shares its line, or goes on over several, has none."""
    lines = ['{"a": 1}\n', '{"b": 2} {"c": 3}\n', '{\n"d": 4}\n', '{"e": 5} \n', "\n", '  {"f": 6}\n', '{"g": 7}']
    found = list(values(io.StringIO("".join(lines))))
    assert [(item.line, item.value, item.text) for item in found] == [
        (1, {"a": 1}, lines[0]),
        (2, {"b": 2}, None),
        (2, {"c": 3}, None),
        (3, {"d": 4}, None),
        (5, {"e": 5}, lines[3]),
        (7, {"f": 6}, None),
        (8, {"g": 7}, lines[6]),
    ]


def test_lines_are_counted_from_where_the_text_begins():
    """A block in the middle of a file names the lines of the file."""
    found = list(values(io.StringIO('{"a": 1}\n{"b": \n{"c": 3}\n'), 101))
    assert [item.line for item in found] == [101, 102, 103]
    assert "(line 104, column 1)" in found[1].message


def test_a_document_over_several_lines_starts_at_its_first():
    """A pretty-printed object is one value."""
    text = json.dumps({"a": [1, {"b": None}]}, indent=2)
    assert read(f"\n{text}\n{text}") == [Value(2, json.loads(text)), Value(10, json.loads(text))]


def test_a_byte_order_mark_is_no_part_of_a_text():
    """It begins the first line of a file that is opened as UTF-8, and lines within files that were joined."""
    for text in ('\ufeff{"a": 1}\n\ufeff{"a": 2}\n', '\ufeff[{"a": 1},\n\ufeff{"a": 2}]'):
        found = list(values(io.StringIO(text)))
        assert [(item.value["a"]) for item in found if isinstance(item, Value)] == [1, 2]
        assert not [item for item in found if isinstance(item, Problem)]


def test_elements_of_an_array_are_values():
    """An array yields its elements with their places, between two breaks."""
    found = read('[\n{"a": 1},\n{"b": 2}]')
    assert found == [Break(), Value(2, {"a": 1}, 0), Value(3, {"b": 2}, 1), Break()]


def test_an_array_a_line():
    """Arrays in a row are told apart."""
    assert read('[{"a": 1}]\n[{"b": 2}]') == [
        Break(),
        Value(1, {"a": 1}, 0),
        Break(),
        Break(),
        Value(2, {"b": 2}, 0),
        Break(),
    ]


def test_a_bad_line_costs_only_itself():
    """What follows a line that is no JSON is read, and the problem names line and column."""
    found = read('{"a": 1}\n{"b": 2,,}\n{"c": 3}\n')
    assert objects(found) == [{"a": 1}, {"c": 3}]
    (problem,) = [item for item in found if isinstance(item, Problem)]
    assert problem.line == 2
    assert "(line 2, column 9)" in problem.message


@pytest.mark.parametrize("cut", ['{"b": "text', '{"b": {"c": 1', '{"b": [1, 2', '{"b"', "{", '{"b": tru'])
def test_a_line_that_was_cut_off_does_not_swallow_the_next(cut):
    """A line without its end is a problem of its own."""
    found = read(f'{{"a": 1}}\n{cut}\n{{"c": 3}}\n')
    assert objects(found) == [{"a": 1}, {"c": 3}]
    assert [item.line for item in found if isinstance(item, Problem)] == [2]


def test_the_end_of_a_file_that_was_cut_off():
    """The last value without its end is a problem."""
    found = read('{"a": 1}\n{"b": "te')
    assert objects(found) == [{"a": 1}]
    assert isinstance(found[-1], Problem)
    assert found[-1].line == 2


@pytest.mark.parametrize("before", ['{"a": 1} ', '{"a": 1}\n{"a": 2} '])
def test_what_is_cut_off_at_the_end_tells_its_own_place(before):
    """Also where other values stand before it, in its line or in lines of their own."""
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n") - 1
    said = f"no JSON: a text is not closed by the end of its line (line {line}, column {column + 9})"
    assert list(values(io.StringIO(before + '{"b": "x\n')))[-1] == Problem(line, said, open=True)


def test_a_document_with_a_slip_is_one_problem():
    """A pretty-printed document that is wrong in the middle is reported once, with the place of the slip."""
    found = read('{\n  "a": 1,\n  "b": [1 2],\n  "c": 3\n}\n{"d": 4}')
    assert objects(found) == [{"d": 4}]
    assert isinstance(found[0], Problem)
    assert "(line 3, column 11)" in found[0].message


def test_a_bad_element_of_an_array_over_lines():
    """An array with one element a line goes on after a bad one."""
    found = read('[\n{"a": 1},\n{"b": oops},\n{"c": 3}\n]')
    assert objects(found) == [{"a": 1}, {"c": 3}]
    assert [item.line for item in found if isinstance(item, Problem)] == [3]
    assert found[-1] == Break()


def test_a_bad_array_on_a_line_ends_with_it():
    """An array that is wrong on its own line does not swallow the lines after it."""
    found = read('[{"a": 1}, {"b"]\n{"c": 3}')
    assert objects(found) == [{"a": 1}, {"c": 3}]
    assert found[-1] == Value(2, {"c": 3})


def test_an_array_without_its_end():
    """An array that is not closed says where it began."""
    found = read('\n[{"a": 1},')
    assert objects(found) == [{"a": 1}]
    assert found[-1] == Problem(2, "the array that starts here is not closed")


@pytest.mark.parametrize("word", ["hello", "12", '"text"', "null", "<html>"])
def test_what_is_no_object(word):
    """Words, numbers and other formats are problems that quote their start."""
    found = read(f'{word} and more\n{{"a": 1}}')
    assert found == [
        Problem(1, f"expected a JSON object or array, found {word + ' and more'!r}"),
        Value(2, {"a": 1}),
    ]


def test_events_of_a_stream():
    """Data lines are values; other fields, comments and the end marker are none."""
    text = 'event: a\ndata: {"a": 1}\nid: 7\nretry: 10\n\n: comment\ndata:{"b": 2}\n\ndata: [DONE]\n\n'
    assert read(text) == [Value(2, {"a": 1}, event=True), Value(7, {"b": 2}, event=True), Break()]


def test_events_without_blank_lines():
    """Logs that drop the blank lines are read all the same."""
    assert objects(read('data: {"a": 1}\ndata: {"b": 2}\ndata: [DONE]')) == [{"a": 1}, {"b": 2}]


def test_an_event_over_several_data_lines():
    """The lines of one event are joined."""
    assert read('data: {"a":\ndata: 1}\n') == [Value(1, {"a": 1}, event=True)]


def test_a_bad_event_costs_only_itself():
    """An event that is no JSON is a problem; the next one is read."""
    found = read('data: {"a": \n\ndata: {"b": 2}\ndata: {"c"\ndata: {"d": 4}\ndata: {"e"\ndata: [DONE]\n')
    assert objects(found) == [{"b": 2}, {"d": 4}]
    assert [item.line for item in found if isinstance(item, Problem)] == [1, 4, 6]
    assert found[-1] == Break()


def test_too_deep_and_too_long():
    """What Python's reader refuses is a problem and not a crash."""
    deep = '{"a": ' + "[" * 100_000 + "]" * 100_000 + "}"
    digits = '{"a": ' + "1" * 5000 + "}"
    found = read(f'{deep}\n{digits}\n{{"b": 2}}')
    assert objects(found) == [{"b": 2}]
    assert [item.line for item in found if isinstance(item, Problem)] == [1, 2]


def test_an_empty_text():
    """Nothing is nothing."""
    assert read("") == read(" \n\n\t") == []


class Counting(io.StringIO):
    """A text that counts how often it was read."""

    reads = 0

    def readline(self, *args):
        self.reads += 1
        return super().readline(*args)


def test_lines_are_read_as_they_are_used():
    """The first value of a long text is there before the second line is read."""
    text = Counting('{"a": 1}\n' * 1000)
    found = values(text)
    next(found)
    assert text.reads == 1


def test_a_long_value_is_not_read_again_and_again():
    """A value over many pieces is tried a few times and not once per piece."""
    text = io.StringIO('{"a": "' + "x" * 5_000_000 + '"}\n{"b": 2}')
    found = list(values(text))
    assert [len(str(item.value)) for item in found] == [5_000_009, 8]


json_objects = st.dictionaries(
    st.text(max_size=5),
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=8,
    ),
    max_size=4,
)


@given(st.lists(json_objects, max_size=6), st.booleans())
def test_every_layout_says_the_same(given_objects, ascii_only):
    """Lines, documents, an array and events of the same objects yield the same values."""
    lines = [json.dumps(value, ensure_ascii=ascii_only) for value in given_objects]
    layouts = [
        "\n".join(lines),
        "".join(lines),
        "\n".join(json.dumps(value, indent=2, ensure_ascii=ascii_only) for value in given_objects),
        json.dumps(given_objects, ensure_ascii=ascii_only),
        json.dumps(given_objects, indent=1, ensure_ascii=ascii_only),
        "".join(f"event: x\ndata: {line}\n\n" for line in lines),
    ]
    for layout in layouts:
        assert objects(read(layout)) == given_objects


@given(st.text(alphabet='{}[]",:\\ \n1atdDONE', max_size=60))
def test_any_text_is_read_to_its_end(text):
    """Whatever stands in a text, reading ends and yields nothing but values, problems and breaks."""
    assert all(isinstance(item, (Value, Problem, Break)) for item in read(text))


@given(st.lists(st.text(alphabet='{}[]",: 1a', max_size=20), max_size=5), json_objects)
def test_a_good_line_is_never_lost(garbage, value):
    """After lines of any garbage that open no array, an object on a line of its own is read."""
    before = "\n".join(line.replace("[", "(").replace('"', "'") for line in garbage)
    assert objects(read(f"{before}\n{json.dumps(value)}"))[-1:] == [value]
