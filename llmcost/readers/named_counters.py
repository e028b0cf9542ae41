"""APIs that state an input and an output, and nothing beside them, under names of their own: a row of a table each.

Aleph Alpha, LM Studio, llama.cpp, Oracle's OCI, Reka, Spark, Tencent's Hunyuan, TensorZero, YandexGPT, and the OCR of
Zhipu. Reasoning is inside the output of all of them.
"""

from __future__ import annotations

from .chunk_reader import EndingReader
from .dialects.reported import doubt_cost
from .fields import sub, text
from .framework import HANDED_ON, read_bare
from .reader import Reader
from .unfinished import unfinished
from .words import INCLUSIVE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields


class Named:
    """What one API calls its counters.

    Attributes:
        page: the page that says so.
        path: the keys that lead to the counters.
        inside: the key below them of an object that holds some of the counters.
        names: a name of its own for each of ours; the first two tell the API.
        beside: a key that stands beside the first of the path, if that key is common.
        kept: whether nothing but counters stands there, so that an unknown name is one too.
        model: the key of the model beside the counters, or above them.
        seller: whose prices are meant, if the API is of one that sells others' models under their names.
        way: whether the cache is inside the input; None where the page does not say it, and the names have to.
    """

    __slots__ = ("beside", "inside", "kept", "model", "names", "page", "path", "seller", "way")

    def __init__(
        self,
        page: str,
        path: tuple[str, ...],
        names: dict[str, str],
        *,
        beside: str = "",
        inside: str = "",
        kept: bool = True,
        model: str = "model",
        seller: str | None = None,
        way: str | None = INCLUSIVE,
    ) -> None:
        self.page, self.path, self.names, self.beside, self.kept, self.model = page, path, names, beside, kept, model
        self.inside, self.seller, self.way = inside, seller, way


_YANDEX_PAGE = "https://yandex.cloud/en/docs/ai-studio/text-generation/api-ref/TextGeneration/completion"
_YANDEX = {
    "inputTextTokens": "input_tokens",
    "completionTokens": "output_tokens",
    "totalTokens": "total_tokens",
    "completionTokensDetails": "output_tokens_details",
}
_ORACLE_PAGE = "https://docs.oracle.com/en-us/iaas/api/#/en/generative-ai-inference/20231130/datatypes/Usage"
_ORACLE = {
    "promptTokens": "input_tokens",
    "completionTokens": "output_tokens",
    "totalTokens": "total_tokens",
    "promptTokensDetails": "input_tokens_details",
    "completionTokensDetails": "output_tokens_details",
}
_SIDES = {"input_tokens": "input_tokens", "output_tokens": "output_tokens"}
_OF_CHAT = {"prompt_tokens": "input_tokens", "completion_tokens": "output_tokens", "total_tokens": "total_tokens"}
_HUNYUAN = {"PromptTokens": "input_tokens", "CompletionTokens": "output_tokens", "TotalTokens": "total_tokens"}
_ROWS = (
    Named(
        "https://github.com/Aleph-Alpha/aleph-alpha-client",
        (),
        {"num_tokens_prompt_total": "input_tokens", "num_tokens_generated": "output_tokens"},
        kept=False,
    ),
    Named(
        "https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md",
        (),
        {"tokens_evaluated": "input_tokens", "tokens_predicted": "output_tokens"},
        kept=False,
        seller="llama_cpp",
    ),
    Named(
        "https://lmstudio.ai/docs/developer/rest/chat",
        ("stats",),
        {
            "input_tokens": "input_tokens",
            "total_output_tokens": "output_tokens",
            "reasoning_output_tokens": "reasoning_tokens",
        },
        model="model_instance_id",
        seller="lm_studio",
    ),
    Named(_YANDEX_PAGE, ("result", "usage"), _YANDEX),
    Named(_YANDEX_PAGE, ("usage",), _YANDEX, beside="alternatives"),
    Named(_ORACLE_PAGE, ("chatResponse", "usage"), _ORACLE, model="modelId", seller="oci"),
    Named(
        "https://www.xfyun.cn/doc/spark/Web.html",
        ("payload", "usage"),
        _OF_CHAT,
        inside="text",
    ),
    Named("https://docs.reka.ai/api-reference/chat/create", ("usage",), _SIDES, beside="responses", way=None),
    Named(
        "https://www.tensorzero.com/docs/gateway/api-reference/inference",
        ("usage",),
        _SIDES,
        beside="variant_name",
        way=None,
    ),
    Named("https://docs.z.ai/api-reference/tools/layout-parsing", ("usage",), _OF_CHAT, beside="md_results"),
    Named("https://cloud.tencent.com/document/api/1729/105701", ("Response", "Usage"), _HUNYUAN),
    Named("https://cloud.tencent.com/document/api/1729/105701", ("Usage",), _HUNYUAN),
)
# Names among the counters that count nothing; Spark repeats the tokens of the last question.
_NO_COUNTERS = frozenset(
    {"tokens_per_second", "time_to_first_token_seconds", "model_load_time_seconds", "question_tokens", "cost"}
)


def read(fields: Fields) -> Usage:
    """Return the usage by the row of the API.

    >>> read({"stats": {"input_tokens": 9, "total_output_tokens": 5, "reasoning_output_tokens": 3}}).quantities
    {'input': 9, 'output': 2, 'reasoning': 3}

    Raises:
        MissingUsageError: a side is not stated.
        InconsistentUsageError: a counter is no count, or a part exceeds its whole.
    """
    row, counters = _row_of(fields) or (_ROWS[0], fields)
    stated = {
        row.names.get(name, name): value
        for name, value in counters.items()
        if name in row.names or (row.kept and name not in _NO_COUNTERS)
    }
    usage = read_bare(stated, "this response", row.way, model=text(fields, row.model))
    usage.provider = row.seller
    # TensorZero adds it up by the rates of its operator.
    doubt_cost(usage, counters, "cost")
    return usage


def _row_of(fields: Fields) -> tuple[Named, Fields] | None:
    for row in _ROWS:
        if (row.beside and row.beside not in fields) or (not row.path and "usage" in fields):
            continue
        counters: Fields | None = fields
        for key in row.path:
            counters = sub(counters, key) if counters is not None else None
        if counters is not None and row.inside:
            counters = {**counters, **(sub(counters, row.inside) or {}), row.inside: None}
        if counters is not None and all(name in counters for name in list(row.names)[:2]):
            return row, counters
    return None


def recognises(fields: Fields) -> bool:
    """Return whether a row of the table has these names."""
    return _row_of(fields) is not None


class _Stream(EndingReader):
    """Every chunk states the usage so far."""

    def __init__(self) -> None:
        self._last: Fields = {}

    def feed(self, chunk: Fields) -> None:
        """Take the next chunk."""
        self._last, self.ended = chunk, not unfinished(chunk)

    def usage(self, *, ended: bool = True) -> Usage:
        """Return the usage of the last chunk."""
        del ended  # the content says it
        usage = read(self._last)
        usage.partial = not self.ended
        return usage


READER = Reader(
    "Counters by names of their own", recognises, read, HANDED_ON, chunk=recognises, stream=_Stream, rank=55
)
