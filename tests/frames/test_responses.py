"""Raw responses in a column become columns of meters, and cost what each response costs."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

import llmcost
from llmcost.errors import LLMCostError, PriceDataError
from tests import responses
from tests.frames.engines import rows_of
from tests.sdks import optional

CHAT = {
    "object": "chat.completion",
    "model": "gpt-4o",
    "created": 1_764_000_000,
    "service_tier": "priority",
    "usage": {"prompt_tokens": 1000, "completion_tokens": 100, "prompt_tokens_details": {"cached_tokens": 800}},
}
MESSAGE = {
    "type": "message",
    "role": "assistant",
    "model": "claude-sonnet-4-5",
    "content": [{"type": "text", "text": "."}],
    "usage": {"input_tokens": 10, "output_tokens": 5, "cache_read_input_tokens": 90, "cache_creation_input_tokens": 0},
}
TEXTS = [json.dumps(CHAT), json.dumps(MESSAGE), "{", None, '{"who": "knows"}']


def frame(engine, **columns):
    pa, pandas = optional("pyarrow"), optional("pandas")
    table = pa.table(columns)
    return {
        "polars": lambda: optional("polars").from_arrow(table),
        "polars-lazy": lambda: optional("polars").from_arrow(table).lazy(),
        "pyarrow": lambda: table,
        "pandas": lambda: table.to_pandas(types_mapper=pandas.ArrowDtype),
        "duckdb": lambda: optional("duckdb").connect().from_arrow(table),
    }[engine]()


@pytest.mark.parametrize("engine", ["polars", "polars-lazy", "pyarrow", "pandas", "duckdb"])
def test_responses_of_several_kinds(engine):
    """gpt-4o at priority: 200 x 4.25 + 800 x 2.125 + 100 x 17 per million; claude: 10 x 3 + 90 x 0.3 + 5 x 15."""
    given = frame(engine, raw=TEXTS, n=[0, 1, 2, 3, 4])
    read = llmcost.read_table(given, "raw")
    assert type(read) is type(given)
    rows = sorted(rows_of(llmcost.price_table(read, money="float")), key=lambda row: row["n"])
    assert [row["cost"] for row in rows] == [0.00425, 0.000132, None, None, None]
    assert [row["status"] for row in rows] == ["priced", "priced", "unpriced", "unpriced", "unpriced"]
    problems = [row["usage_problem"] for row in rows]
    assert problems[:2] == [None, None]
    assert problems[2].startswith("JSONDecodeError")
    assert problems[3] == "nothing stands here"
    assert problems[4].startswith("UnrecognizedResponseError")


def test_counters_stay_whole_numbers():
    """Also beside rows that do not state them; 2**53 + 1 tokens are no float."""
    pl = optional("polars")
    usage = '{"prompt_tokens": 1000, "completion_tokens": 100}'
    read = llmcost.read_table(pl.DataFrame({"raw": [usage, None]}), "raw")
    assert read.schema["input"] == read.schema["output"] == pl.Int64
    assert read["input"].to_list() == [1000, None]


def test_every_response_of_the_tests():
    """What columns can say of a response costs what the response costs; everything else is named, and is no cost."""
    pl = optional("polars")
    prices = responses.prices()
    known = [one.response for one in responses.everything() if isinstance(one.response, dict)]
    texts = [json.dumps(response, default=str) for response in known]
    read = llmcost.read_table(pl.DataFrame({"raw": texts}), "raw").with_columns(model=pl.lit(responses.MODEL))
    read = read.drop("provider", "region", "time", strict=False)
    # A rate of this map is no finite decimal.
    priced = rows_of(llmcost.price_table(read, cost_map=prices, money="units"))
    compared = 0
    for text, ours in zip(texts, priced, strict=True):
        if ours["usage_problem"] is not None:
            assert ours["cost"] is None
            continue
        try:
            usage = llmcost.read_usage(json.loads(text)).replaced(at=None, provider=None, region=None)
            cost = prices.calculate(usage=usage, model=responses.MODEL)
        except LLMCostError:
            assert ours["cost"] is None, text
            continue
        assert Fraction(int(ours["cost"]), int(ours["cost_unit"])) == Fraction(*cost.as_integer_ratio()), text
        compared += 1
    assert compared > 100


def test_what_cannot_be_read_is_refused():
    """No such column, a column that is there already, and a frame of another engine."""
    given = frame("polars", raw=TEXTS, model=["m"] * 5)
    with pytest.raises(PriceDataError, match="no column 'text'"):
        llmcost.read_table(given, "text")
    with pytest.raises(PriceDataError, match="a column 'model' already"):
        llmcost.read_table(given, "raw")


def test_texts_that_no_row_can_hold():
    """JSON nested too deeply, a number of 5,000 digits, half of a surrogate pair: each row says what is wrong."""
    pl = optional("polars")
    many = json.dumps(CHAT).replace("1000", "9" * 5000)
    half = json.dumps({**CHAT, "model": "\ud800"})
    read = llmcost.read_table(pl.DataFrame({"raw": ["[" * 100_000, many, half]}), "raw")
    assert [problem.partition(":")[0] for problem in read["usage_problem"].to_list()] == [
        "RecursionError",
        "ValueError",
        "columns do not say model",
    ]
    assert llmcost.price_table(read)["status"].to_list() == ["unpriced", "unpriced", "unpriced"]
    with pytest.raises(PriceDataError, match="column 'raw' holds 5; a response is JSON text"):
        llmcost.read_table(pl.DataFrame({"raw": [5]}), "raw")


def test_a_table_without_a_response_is_priced():
    """The day on which nothing was called: no rows, and no error."""
    pl = optional("polars")
    empty = pl.DataFrame({"raw": []}, schema={"raw": pl.String})
    assert llmcost.price_table(llmcost.read_table(empty, "raw")).height == 0


def test_counts_stay_whole_numbers():
    """A count above 2**53 has no double of its own; the rows without a usage are null."""
    pl = optional("polars")
    response = {**CHAT, "usage": {"prompt_tokens": 1000, "completion_tokens": 0, "total_tokens": 1000}}
    read = llmcost.read_table(pl.DataFrame({"raw": [json.dumps(response), None]}), "raw")
    assert (read["input"].dtype, read["input"].to_list()) == (pl.Int64, [1000, None])


USAGE = {"prompt_tokens": 1000, "completion_tokens": 100, "prompt_tokens_details": {"cached_tokens": 800}}
OTHER = {"input_tokens": 10, "output_tokens": 5, "cache_read_input_tokens": 90, "cache_creation_input_tokens": 0}


@pytest.mark.parametrize("engine", ["polars", "polars-lazy", "pyarrow", "pandas", "duckdb"])
def test_structs_state_what_has_a_value(engine):
    """All structs of a column have all fields: gpt-4o 0.0005 + 0.001 + 0.001, claude 0.00003 + 0.000027 + 0.000075."""
    given = frame(engine, usage=[USAGE, OTHER, None], model=["gpt-4o", "claude-sonnet-4-5", "gpt-4o"], n=[0, 1, 2])
    read = llmcost.read_table(given, "usage")
    rows = sorted(rows_of(llmcost.price_table(read, money="float")), key=lambda row: row["n"])
    assert [row["cost"] for row in rows] == [0.0025, 0.000132, None]
    assert rows[2]["usage_problem"] == "nothing stands here"


def test_dicts_of_a_pandas_frame_are_read():
    """As ``model_dump`` gives them, whole responses and lists of chunks too; the index stays."""
    pd = optional("pandas")
    optional("pyarrow")
    given = pd.DataFrame({"raw": [CHAT, [CHAT], {}, None]}, index=[4, 4, 5, 6])
    read = llmcost.read_table(given, "raw")
    assert read.index.to_list() == [4, 4, 5, 6]
    assert read["input"].to_list()[:2] == [200, 200]
    assert read["usage_problem"].notna().to_list() == [False, False, True, True]


def test_a_table_may_name_the_models_of_its_usages():
    """Usage objects state none; where a response does, the two columns cannot stand side by side."""
    pl = optional("polars")
    table = pl.DataFrame({"model": ["gpt-4o"], "raw": [json.dumps(USAGE)]})
    assert llmcost.price_table(llmcost.read_table(table, "raw"), money="float")["cost"].to_list() == [0.0025]
    with pytest.raises(PriceDataError, match="a column 'model' already"):
        llmcost.read_table(table.with_columns(raw=pl.lit(json.dumps(CHAT))), "raw")


def test_counters_of_a_maker_need_a_model_of_its():
    """Anthropic's names of counters count the cache beside the input: 10 x 3 + 90 x 0.3 + 5 x 15 USD per million."""
    pl = optional("polars")
    raw = json.dumps(OTHER)
    models = ["claude-sonnet-4-5", "gpt-4o", None]
    read = llmcost.read_table(pl.DataFrame({"model": models, "raw": [raw] * 3}), "raw")
    assert llmcost.price_table(read, money="float")["cost"].to_list() == [0.000132, None, None]
    said = "counters of Anthropic, and no model of its: name it in a column 'model'"
    assert read["usage_problem"].to_list() == [None, said, said]
    stated = llmcost.read_table(pl.DataFrame({"raw": [raw]}), "raw", dialect="anthropic")
    assert stated.select("input", "cache_read", "usage_problem").rows() == [(10, 90, None)]


def test_a_table_of_the_database_is_not_taken_for_the_responses():
    """A DuckDB file may have a table of any name."""
    connection = optional("duckdb").connect()
    connection.execute("CREATE TABLE found AS SELECT 7 AS x")
    relation = connection.sql(f"SELECT '{json.dumps(CHAT)}' AS raw")
    (row,) = rows_of(llmcost.read_table(relation, "raw"))
    assert (row["model"], row["input"], row["cache_read"], row["output"]) == ("gpt-4o", 200, 800, 100)


@pytest.mark.parametrize("dialect", ["nobody's", 5])
def test_a_dialect_that_nobody_knows_is_refused(dialect):
    """Else each row would have the same problem."""
    given = frame("polars", raw=[json.dumps(USAGE)])
    with pytest.raises(llmcost.ArgumentError, match=r"dialect=.*: it is one of openai, responses"):
        llmcost.read_table(given, "raw", dialect=dialect)
    assert llmcost.read_table(given, "raw", dialect="OpenAI").rows()[0][-1] is None
