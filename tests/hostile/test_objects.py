"""Foreign objects in every slot: what comes out is a result, or an error of llmcost that can be shown and travels."""

from __future__ import annotations

import inspect
import json
import pickle
import warnings
from decimal import Decimal
from importlib.util import find_spec

import pytest

import llmcost
from llmcost import (
    ArgumentError,
    CostMap,
    LLMCostError,
    StreamMeter,
    UnknownModelError,
    UnrecognizedResponseError,
    Usage,
    UsageError,
)
from llmcost.api.facts import FACTS
from tests.sdks import optional

from .objects import MAKERS

ROW = {"input_cost_per_token": 1e-6, "output_cost_per_token": 4e-6, "litellm_provider": "openai", "mode": "chat"}
PRICES = CostMap({"gpt-4o": ROW, "drawn": {"output_cost_per_image": 0.04, "mode": "image_generation"}})
CHAT = {
    "id": "x",
    "object": "chat.completion",
    "created": 1764115200,
    "model": "gpt-4o",
    "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "x"}}],
    "service_tier": "default",
    "usage": {
        "prompt_tokens": 1000,
        "completion_tokens": 100,
        "total_tokens": 1100,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 0},
    },
}
MESSAGE = {
    "type": "message",
    "role": "assistant",
    "content": [{"type": "text", "text": "x"}],
    "model": "gpt-4o",
    "usage": {"input_tokens": 1000, "output_tokens": 100, "cache_creation": {"ephemeral_5m_input_tokens": 0}},
}
GENERATED = {
    "candidates": [{"content": {"parts": [{"text": "x"}]}}],
    "modelVersion": "gpt-4o",
    "usageMetadata": {"promptTokenCount": 1000, "candidatesTokenCount": 100, "totalTokenCount": 1100},
}
CHUNK = {"object": "chat.completion.chunk", "model": "gpt-4o", "choices": [], "usage": CHAT["usage"]}


def ours(ask):
    """Return what a question gives: a result that can be shown, or an error that is ours, can be shown and travels."""
    refused = None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = ask()
            if isinstance(found, llmcost.Cost):
                assert found.explain(verbose=True)
                assert found.total >= 0
                found.to_dict()
        except LLMCostError as error:
            refused = error
    if refused is None:
        return found
    assert 0 < len(str(refused)) < 20_000
    assert repr(refused)
    assert str(pickle.loads(pickle.dumps(refused))) == str(refused)
    return refused


def places(value, path=()):
    """Yield the place of every value of a response."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, found in inner:
        yield (*path, step)
        yield from places(found, (*path, step))


def with_value(response, path, value):
    """Return a copy of a response with another value at a place."""
    if not path:
        return value
    copy = dict(response) if isinstance(response, dict) else list(response)
    copy[path[0]] = with_value(response[path[0]], path[1:], value)
    return copy


HERE = object()


class Answer:
    """An object with attributes."""


def as_objects(value, inserted):
    """Return a response as objects with attributes, with a foreign value at its place."""
    if value is HERE:
        return inserted
    if isinstance(value, list):
        return [as_objects(item, inserted) for item in value]
    if not isinstance(value, dict):
        return value
    found = Answer()
    for name, inner in value.items():
        setattr(found, name, as_objects(inner, inserted))
    return found


named = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)


@named
@pytest.mark.parametrize("response", [CHAT, MESSAGE, GENERATED], ids=["chat", "message", "generated"])
def test_a_value_of_a_response(response, make):
    """At every place of a response, as a dict and as an object; and in the place of the response itself."""
    for path in [(), *places(response)]:
        ours(lambda path=path: PRICES.calculate(with_value(response, path, make())))
        ours(lambda path=path: llmcost.read_usage(as_objects(with_value(response, path, HERE), make())))


def test_a_module_that_leads_to_all():
    """``json`` leads to every module that is loaded. A note says that this is more than can be looked through."""
    usage = {**CHAT["usage"], "prompt_tokens_details": json}
    cost = ours(lambda: PRICES.calculate({**CHAT, "usage": usage}))
    assert "more than can be looked through" in "".join(cost.notes)
    assert isinstance(ours(lambda: PRICES.calculate({**CHAT, "usage": json})), LLMCostError)


@named
def test_a_usage(make):
    """As the usage itself, as one of its counters, and as a quantity."""
    ours(lambda: PRICES.calculate(usage=make(), model="gpt-4o"))
    ours(lambda: PRICES.calculate(CHAT, make()))
    for counter in ("prompt_tokens", "completion_tokens", "total_tokens", "cache_x", "cost"):
        ours(lambda counter=counter: PRICES.calculate(usage={**CHAT["usage"], counter: make()}, model="gpt-4o"))
    for quantity in ("input", "output", "cache_read", "output_images"):
        ours(lambda quantity=quantity: Usage(**{quantity: make()}))
    ours(lambda: PRICES.calculate(usage={"input_tokens": make(), "output_tokens": make()}, model="gpt-4o"))


@named
def test_a_chunk_of_a_stream(make):
    """As a chunk, at every place of one, and as the stream."""
    for path in [(), *places(CHUNK)]:
        chunk = with_value(CHUNK, path, make())
        ours(lambda chunk=chunk: PRICES.calculate([CHUNK, chunk]))
        meter = StreamMeter(cost_map=PRICES)
        ours(lambda meter=meter, chunk=chunk: meter.feed(chunk))
        ours(meter.finish)


@named
def test_a_fact(make):
    """As each keyword of ``calculate``, also of a response that is completed by it."""
    for name in FACTS:
        ours(lambda name=name: PRICES.calculate(CHAT, **{name: make()}))
        ours(lambda name=name: PRICES.calculate(usage=Usage(output_images=1), **{"model": "drawn", name: make()}))
        if name != "model":
            ours(lambda name=name: llmcost.estimate("gpt-4o", input=1, max_output=1, **{name: make()}))


@named
@pytest.mark.parametrize("key", ["input_cost_per_token", "tiered_pricing", "search_context_cost_per_query"])
def test_a_price(key, make):
    """Of a call, of a registration, of a map and of a configuration."""
    entry = {key: make()}
    ours(lambda: PRICES.calculate(CHAT, **entry))
    ours(lambda: PRICES.calculate(CHAT, prices=entry))
    ours(lambda: CostMap({}).register_model({"x": entry}))
    ours(lambda: CostMap({"x": entry}).calculate(CHAT, model="x"))
    ours(lambda: CostMap({"x": make()}).calculate(CHAT, model="x"))
    ours(lambda: CostMap({}).register({"x": make()}))
    ours(lambda: PRICES.rate_card("gpt-4o", prices=entry))
    for place in ("litellm_params", "model_info"):
        deployment = {"model_name": "a", "litellm_params": {"model": "gpt-4o"}, "model_info": {}}
        deployment[place] = {**deployment[place], **entry}
        ours(lambda deployment=deployment: PRICES.with_config({"model_list": [deployment]}).calculate(CHAT, model="a"))
    ours(lambda: PRICES.with_config({"model_list": [make()]}))
    ours(lambda: PRICES.with_config({"model_list": make()}))


CALLS = {
    PRICES.completion_cost: (
        "completion_response model prompt messages completion total_time call_type custom_llm_provider region_name "
        "size quality n custom_cost_per_token custom_cost_per_second requested_model_info_override optional_params "
        "custom_pricing base_model standard_built_in_tools_params router_model_id pricing_provider service_tier "
        "data_residency vertex_location response_time_ms elapsed usage"
    ),
    PRICES.cost_per_token: (
        "model prompt_tokens completion_tokens response_time_ms custom_llm_provider region_name prompt_characters "
        "completion_characters cache_creation_input_tokens cache_read_input_tokens custom_cost_per_token "
        "custom_cost_per_second requested_model_info_override number_of_queries usage_object rerank_billed_units "
        "call_type audio_transcription_file_duration service_tier data_residency vertex_location response "
        "request_model custom_model_info bedrock_model_info prices"
    ),
    PRICES.batch_cost_calculator: "usage model custom_llm_provider model_info data_residency vertex_location",
    PRICES.get_model_info: "model custom_llm_provider api_base api_key",
    PRICES.supports: "model feature custom_llm_provider",
    PRICES.response_cost_calculator: "response_object model cache_hit optional_params base_model",
    PRICES.rate_card: "model provider base_model region deployment prices",
}
GIVEN = {
    "completion_cost": {"completion_response": CHAT},
    "cost_per_token": {"model": "gpt-4o", "prompt_tokens": 10, "completion_tokens": 1},
    "batch_cost_calculator": {"usage": CHAT["usage"], "model": "gpt-4o"},
    "get_model_info": {"model": "gpt-4o"},
    "supports": {"model": "gpt-4o", "feature": "vision"},
    "response_cost_calculator": {"response_object": CHAT},
    "rate_card": {"model": "gpt-4o"},
}


@named
@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.__name__)
def test_an_argument(call, make):
    """Of the functions that LiteLLM has, each argument in turn."""
    for name in CALLS[call].split():
        ours(lambda name=name: call(**{**GIVEN[call.__name__], name: make()}))


LOG = [{"response": CHAT}]
OUTER = {
    "estimate": (llmcost.estimate, {"model": "gpt-4o", "input": 5}, "input max_output cached calls_a_day cost_map"),
    "reprice": (llmcost.reprice, {"log": LOG, "cost_map": PRICES, "old_map": PRICES}, "log cost_map at old_map"),
    "whatif": (llmcost.whatif, {"log": LOG, "cost_map": PRICES}, "log model provider batch at cost_map"),
    "read_log": (
        lambda **given: list(llmcost.read_log(**given)),
        {"path_or_lines": LOG},
        "path_or_lines jobs on_error",
    ),
    "read_bill": (llmcost.read_bill, {"path": "/none.csv"}, "path rates zone"),
    "focus_rows": (
        llmcost.focus_rows,
        {"log": LOG, "account": "a", "cost_map": PRICES},
        "log account version since until where",
    ),
    "reconcile": (llmcost.reconcile, {"bills": [], "log": LOG}, "bills log cost_map since where zone rates"),
    "Budget": (llmcost.Budget, {"limit": 5}, "limit period scope unpriced count on name lease"),
    "reserve": (llmcost.Budget(5).reserve, {"model": "gpt-4o"}, "amount model input max_output n size"),
    "context": (llmcost.context, {}, "team user session tags metadata fees"),
    "Tracker": (llmcost.Tracker, {}, "success failure log budget handlers include_usage prefer model tags"),
    "Usage": (Usage, {"input": 1}, "model at reported notes parts unread alternatives aggregate readings context"),
    "from_dict": (llmcost.Cost.from_dict, {}, "stated"),
    "Sheet": (llmcost.Sheet.from_dict, {}, "stated"),
    "update": (CostMap.update, {"source": "/none"}, "source"),
}
# What is read without an end, and iterables that raise: an exception of the caller's own iterable goes through.
OTHERS = [name for name in MAKERS if name not in {"endless", "range", "raises", "failing list", "dead"}]


@pytest.mark.parametrize("make", [MAKERS[name] for name in OTHERS], ids=OTHERS)
def test_an_outer_function(make):
    """Each argument of the functions beside ``calculate``; what an object of the caller raises when it is asked."""
    for call, given, names in OUTER.values():
        for name in names.split():
            ours(lambda call=call, given=given, name=name: call(**{**given, name: make()}))


class OwnError(Exception):
    """An exception of the host's."""


def test_a_tracked_function(caplog):
    """The host gets the very object that its function returns or raises, whatever tracking and handlers meet in it."""
    caplog.set_level("CRITICAL", "llmcost")
    for name, make in MAKERS.items():
        value = make()
        odd = OwnError(value)
        odd.status_code, odd.response, odd.code = value, value, value

        def fail(odd=odd):
            raise odd

        tracker = llmcost.Tracker(cost_map=PRICES, success=[lambda *_, value=value: value])
        # A stream is given in what counts it.
        returned = tracker.track(lambda value=value: value)()
        assert returned is value or name in {"endless", "generator", "magic mock", "any name"}, name
        held = {**CHAT, "model": value, "usage": value}
        assert tracker.track(lambda held=held: held)() is held
        # What the function is given, under a budget that looks into it.
        bounded = llmcost.Tracker(cost_map=PRICES, budget=llmcost.Budget(1, unpriced="allow"))
        asked = {"model": value, "messages": [{"role": "user", "content": value}], "max_tokens": value}
        assert bounded.track(lambda **given: given["messages"])(**asked) is asked["messages"], name
        with pytest.raises(OwnError) as raised:
            tracker.track(fail)()
        assert raised.value is odd


@pytest.mark.parametrize("raised", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_the_end_of_the_process_goes_through(raised):
    """Whether the function raises it, or something in its response when that is read."""

    def fail(*_):
        raise raised

    with pytest.raises(raised):
        llmcost.Tracker(cost_map=PRICES).track(fail)()
    odd = type("Odd", (), {"object": "chat.completion", "usage": property(fail), "__repr__": fail})()
    with pytest.raises(raised):
        llmcost.Tracker(cost_map=PRICES).track(lambda: odd)()
    with pytest.raises(raised):
        PRICES.calculate(odd)


def test_what_is_tracked_and_its_settings():
    """Refused where they are given, and not in a call of the host."""
    for name in OTHERS:
        make = MAKERS[name]
        for target in (llmcost.Tracker().track, llmcost.track, llmcost.untrack):
            ours(lambda make=make, target=target: target(make()))
        for setting in ("success", "failure"):
            ours(lambda make=make, setting=setting: llmcost.Tracker(**{setting: make()}))
        for fact in ("model", "provider", "deployment", "region", "service_tier", "n", "tags", "batch"):

            def call(make=make, fact=fact):
                return llmcost.Tracker(cost_map=PRICES, **{fact: make()}).track(lambda: CHAT)()

            assert ours(call) is CHAT or isinstance(ours(call), LLMCostError)
        for named in ({"team": make()}, {"tags": [make()]}):

            def inside(named=named):
                with llmcost.context(**named):
                    return llmcost.Tracker(cost_map=PRICES).track(lambda: CHAT)()

            assert ours(inside) is CHAT or isinstance(ours(inside), LLMCostError)
        ours(lambda make=make: repr(llmcost.Budget(1, name=make())))
        ours(lambda make=make: llmcost.Budget(1).reserve("0.1").settle(make()))


def test_a_record():
    """As a row in memory, in each of its fields, and in what is asked of it; repriced, it is an error of its line."""
    for make in MAKERS.values():
        for name in ("response", "usage", "time", "model", "cost"):
            row = {"response": CHAT, name: make()}
            ours(lambda row=row: llmcost.Record(row).calculate(cost_map=PRICES))
            ours(lambda row=row: (llmcost.Record(row).dated(), llmcost.Record(row).cost))
        ours(lambda make=make: llmcost.Record(make()).calculate(cost_map=PRICES))
        ours(lambda make=make: repr(llmcost.Record(CHAT, make())))
        ours(lambda make=make: repr(llmcost.Record(CHAT, "calls", make())))
        ours(lambda make=make: llmcost.Record(CHAT, whole=make()))
        ours(lambda make=make: llmcost.Record(CHAT).given(make()))
        ours(lambda make=make: llmcost.Record(CHAT).calculate(cost_map=make()))
    rows = [{"response": CHAT, "time": MAKERS["raises"]()}, {"response": CHAT, "model": MAKERS["failing float"]()}]
    done = llmcost.reprice([*rows, {"response": CHAT}], cost_map=PRICES, old_map=PRICES)
    assert [(failed.line, str(failed.error).partition(":")[0]) for failed in done.errors] == [
        (1, "value.time"),
        (2, "value.model"),
    ]
    assert (done.failed, done.total.calls) == (2, 1)


@named
def test_a_key(make):
    """Of a map, of a row, of a block, of call prices and of custom prices."""
    value = make()
    try:
        held = {value: 1}
    except (TypeError, RuntimeError):
        return  # it has no hash
    hours = {"hours_utc": "00:00-01:00"}
    ours(lambda: CostMap({value: ROW}).calculate(CHAT))
    ours(lambda: CostMap({"gpt-4o": {**ROW, value: 1}}).calculate(CHAT))
    ours(lambda: CostMap({"gpt-4o": {**ROW, "off_peak_pricing": {**hours, value: 1}}}).calculate(CHAT))
    ours(lambda: CostMap({"gpt-4o": {**ROW, "off_peak_pricing": {"windows": value}}}).calculate(CHAT))
    ours(lambda: CostMap({"gpt-4o": ROW}).register({value: ROW}))
    ours(lambda: CostMap({"gpt-4o": ROW}).register({"gpt-4o": held}))
    ours(lambda: PRICES.calculate(CHAT, prices=held))
    ours(lambda: PRICES.completion_cost(CHAT, custom_cost_per_token=held))
    ours(lambda: PRICES.completion_cost(CHAT, requested_model_info_override=held))


def test_a_name_of_the_map():
    """What is no text is no name of a map: as for a dict, but also where it has no hash."""
    for make in MAKERS.values():
        value = make()
        if type(value) is str or issubclass(type(value), str):
            continue
        assert PRICES.get(value, 5) == 5
        assert value not in PRICES
        assert not PRICES.has_deployment(value)
        assert llmcost.model_cost.get(value, 5) == 5


def test_the_error_names_the_field():
    """Where the object stands in the response, what it is, and what it did; or which argument it is."""
    for value, path in (("array", "response.usage"), ("array", "response.service_tier"), ("array", "response.model")):
        if value in MAKERS:
            place = tuple(path.split(".")[1:])
            error = ours(lambda: PRICES.calculate(with_value(CHAT, place, MAKERS[value]())))  # noqa: B023
            assert isinstance(error, UnrecognizedResponseError)
            assert str(error).startswith(f"{path}: ndarray cannot be read here (ValueError: ")
    error = ours(lambda: PRICES.calculate(MAKERS["a property raises"]()))
    assert str(error) == ("response.usage of RaisesOnOneProperty raises when it is read (ConnectionError: lost)")
    assert isinstance(error, UsageError)
    assert isinstance(error.__cause__, ConnectionError)
    error = ours(lambda: PRICES.calculate(MAKERS["attributes raise"]()))
    assert str(error).startswith("response: RaisesOnAttributes cannot be read here (RuntimeError: no ")
    for given in ({"optional_params": 5}, {"custom_cost_per_token": 5}, {"size": 1024}, {"service_tier": b"flex"}):
        error = ours(lambda given=given: PRICES.completion_cost(CHAT, **given))
        assert isinstance(error, ArgumentError)
        assert str(error).startswith(f"{next(iter(given))}=")
    for given in ({"response_time_ms": "5"}, {"n": "3"}, {"duration": MAKERS["complex"]()}):
        error = ours(lambda given=given: PRICES.completion_cost(CHAT, **given))
        assert isinstance(error, llmcost.InconsistentUsageError)
        assert str(error).startswith(f"{next(iter(given))}=")


def test_a_text_enum_is_its_text():
    """1000 x 5e-7 + 100 x 2e-6, and not 0.0014: a member of an enum of texts prints as its class."""
    from enum import Enum

    class Tier(str, Enum):
        FLEX = "flex"

    prices = CostMap({"gpt-4o": {**ROW, "input_cost_per_token_flex": 5e-7, "output_cost_per_token_flex": 2e-6}})
    for fact in ("service_tier", "served_tier"):
        assert prices.calculate({**CHAT, "service_tier": None}, **{fact: Tier.FLEX}).response_cost == 0.0007


def test_an_error_of_our_own_is_no_error_of_the_response():
    """Where every value is plain, what was raised is raised: a slip of llmcost is not blamed on the response."""
    from llmcost.core.refusing import refuse

    slip = KeyError("slip")
    refuse(slip, response=CHAT, usage=None, size="1x1")
    with pytest.raises(UnrecognizedResponseError) as raised:
        refuse(slip, response={**CHAT, "usage": MAKERS["mock"]()})
    assert raised.value.__cause__ is slip


def test_an_argument_is_no_open_file_of_the_process():
    """``open`` takes a number, and what says that it is one, for such a file, and closes it."""
    for value in (True, 0, MAKERS["magic mock"]()):
        with pytest.raises(ArgumentError, match=r"source=.*: it has to be text"):
            CostMap.update(value)


def test_a_text_of_a_foreign_type_is_found_for_no_other():
    """A model that equals every text, and says so, is not kept in the place of another: 1000 x 1e-6 + 100 x 4e-6."""
    prices = CostMap({"gpt-4o": ROW, "dear": {**ROW, "input_cost_per_token": 1}})
    asked = MAKERS["equal text"]()
    for _ in range(2):
        assert prices.calculate(CHAT, model=asked).response_cost == 0.0014
        assert prices.cost_per_token(asked, 1000, 100) == (0.001, 0.0004)
        assert prices.calculate(CHAT, model="dear").response_cost == 1000.0004
    assert type(prices.calculate(CHAT, model=asked).model) is str


class Stamp:
    """A time of a library that nobody knows."""

    def __init__(self, text):
        self.isoformat = lambda: text


def test_a_time_of_a_foreign_type_is_its_text():
    """No object of a response stays in a usage: what writes itself as ISO text is that text, and else no time."""
    for made, time in ((Stamp("2026-01-01T00:00:00Z"), "2026-01-01T00:00:00Z"), (Stamp(5), None)):
        usage = llmcost.read_usage({**CHAT, "created": made})
        assert usage.at == time
        assert pickle.loads(pickle.dumps(usage)) == usage
    assert llmcost.read_usage({**CHAT, "created": MAKERS["mock"]()}).at is None


class Ungiving(dict):
    """A dict that has code of its own in the place of ``get``."""

    def get(self, *_names):
        raise RuntimeError("locked")


def test_a_named_tuple_is_read_as_any_mapping():
    """By its keys, whatever class its dict is of: 1000 x 1e-6 + 100 x 4e-6."""

    class Row:
        def __init__(self, fields):
            self._asdict = lambda: Ungiving(fields)

    for response in (Row(CHAT), {**CHAT, "usage": Row(CHAT["usage"])}):
        assert PRICES.calculate(response).response_cost == 0.0014


def test_a_damaged_usage_inside_a_response():
    """A usage of ours whose quantities were changed to what they cannot be, in an answer and as one of its facts."""
    usage = Usage(input=5)
    usage.quantities["nonsense"] = -5
    for ask in (lambda: PRICES.calculate({**CHAT, "usage": usage}), lambda: llmcost.read_usage({"usage": [usage]})):
        assert isinstance(ours(ask), LLMCostError)


def test_a_number_is_what_it_holds_and_not_what_it_says():
    """A subclass of int that converts to -5 and holds 3: 3 tokens x 1e-6 USD, and 2 tokens x 3 USD."""
    prices = CostMap({"gpt-4o": ROW})
    assert prices.calculate(usage=Usage(input=MAKERS["lying int"](), output=0), model="gpt-4o").response_cost == 3e-6
    with pytest.warns(llmcost.SuspiciousPriceWarning):
        dear = prices.calculate(usage=Usage(input=2), model="gpt-4o", input_cost_per_token=MAKERS["lying int"]())
    assert dear.response_cost == 6.0


def test_a_warning_that_is_an_error_stays_one():
    """Also where an object of a foreign type stands beside it, which it says nothing of."""
    usage = Answer()
    usage.prompt_tokens, usage.completion_tokens, usage.total_tokens = 10, 1, 11
    answer = as_objects({**CHAT, "usage": HERE}, usage)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(llmcost.SuspiciousPriceWarning):
            PRICES.calculate(answer, input_cost_per_token=3)
        with pytest.raises(llmcost.SuspiciousPriceWarning):
            llmcost.estimate("gpt-4o", input=1, max_output=1, cost_map=PRICES, input_cost_per_token=4)


@pytest.mark.parametrize("usage", [5, "gpt-4o", {"input": 10}])
def test_a_usage_of_another_type(usage):
    """``of_usage`` takes a Usage alone, and names what it got."""
    with pytest.raises(ArgumentError, match=r"^usage=.*: it has to be Usage$"):
        PRICES.of_usage(usage, model="gpt-4o")


@pytest.mark.parametrize("model", ["unknown", None])
def test_an_error_of_ours_is_no_fault_of_an_argument(model):
    """A model without a price is an unknown model, whatever else is given."""
    with pytest.raises(UnknownModelError):
        PRICES.of_usage(Usage(input=1), model=model)


def test_a_call_that_is_recorded(tmp_path):
    """In each field of a call: nothing but an error of ours, and the log reads every line that it kept."""
    optional("sqlalchemy")
    kept = []
    tracker = llmcost.Tracker(cost_map=PRICES, success=[lambda told, *_: kept.append(told["call"])])
    tracker.track(lambda: CHAT)()
    fields = {name: getattr(kept[0], name) for name in inspect.signature(llmcost.TrackedCall).parameters}
    with llmcost.SpendLog(tmp_path / "spend.db", drain=False) as log:
        for place, name in enumerate(fields):
            for number, make in enumerate(MAKERS[odd] for odd in OTHERS):
                call = llmcost.TrackedCall(**{**fields, "id": f"{place} {number}", name: make()})
                ours(lambda call=call: log.record(call))
        for name, odd in {"status": 'x","y', "latency_us": "1,2", "attempt": True, "started": 5, "cost": "0.1"}.items():
            with pytest.raises(ArgumentError, match=rf"^call\.{name}="):
                log.record(llmcost.TrackedCall(**{**fields, name: odd}))
        for batch in (0, -1):
            with pytest.raises(ArgumentError, match="batch="):
                log.prune("1d", batch=batch)
        assert log.drain(20)
        assert log.verify()
        assert log.total().calls > 100
    with pytest.raises(ArgumentError, match="spool_cap="):
        llmcost.SpendLog(tmp_path / "spend.db", drain=False, spool_cap="1 GB")


def test_a_table_and_its_sheet():
    """What is no table, and what no sheet holds, is refused by name; a text of half a pair is no row of a table."""
    optional("narwhals")
    polars = optional("polars")
    frame = polars.DataFrame({"model": ["gpt-4o"], "input": [10], "output": [1]})
    stated = llmcost.rate_sheet(frame, cost_map=PRICES).to_dict()
    assert llmcost.price_table(frame, sheet=llmcost.Sheet.from_dict(stated))["cost"].to_list() == [Decimal("0.000014")]
    for name in (
        "failing class",
        "failing type",
        "no module",
        "mock",
        "dead",
        "failing string",
        "endless digits",
        "slots",
    ):
        make = MAKERS[name]
        for call in (llmcost.price_table, llmcost.rate_sheet, lambda odd: llmcost.read_table(odd, "usage")):
            assert isinstance(ours(lambda make=make, call=call: call(make())), LLMCostError), name
        for key, inner in stated.items():
            given = [{**stated, key: make()}]
            if isinstance(inner, dict):
                given += [{**stated, key: {**inner, column: make()}} for column in inner]
                given += [{**stated, key: {**inner, column: [make()]}} for column in inner]
            for odd in given:
                ours(lambda odd=odd: llmcost.price_table(frame, sheet=llmcost.Sheet.from_dict(odd)))
    priced = llmcost.price_table(frame, cost_map=PRICES)
    for by in (range(10**12), [MAKERS["raises"]()], [MAKERS["failing string"](), "model"]):
        with pytest.raises(llmcost.PriceDataError, match="the table has no column"):
            llmcost.summarize_table(priced, by)
    if find_spec("pandas") and find_spec("pyarrow"):
        import pandas as pd

        for name in ("cyclic list", "cyclic dict", "deep list"):
            texts = [MAKERS[name](), "gpt-4o"]
            for call in (
                lambda odd: llmcost.price_table(odd, cost_map=PRICES),
                lambda odd: llmcost.summarize_table(odd.assign(cost=[1, 2], status="priced")),
            ):
                odd = pd.DataFrame({"model": pd.Series(texts, dtype=object), "input": [1, 2]})
                with pytest.raises(llmcost.PriceDataError, match="column 'model' has a value that holds itself"):
                    call(odd)
    for keep in (range(10**12), bytearray(b"cost"), [MAKERS["failing string"]()], 5):
        with pytest.raises(ArgumentError, match="keep="):
            llmcost.price_table(frame, cost_map=PRICES, keep=keep)
    odd = {**stated, "names": {**stated["names"], "model": ["\ud800"]}}
    with pytest.raises(llmcost.PriceDataError, match="polars has no place for a value of the rate sheet"):
        llmcost.price_table(frame, sheet=llmcost.Sheet.from_dict(odd))
