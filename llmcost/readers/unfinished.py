"""Chunks that look like whole responses, but for the word that says that more of them come."""

from __future__ import annotations

from .fields import items, sub

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

# Where the word stands: a list of answers -> the field, and what it holds until the last chunk.
_WORDS = {
    # Tencent's Hunyuan. https://cloud.tencent.com/document/api/1729/105701
    "Choices": ("FinishReason", ""),
    # IBM's watsonx. https://cloud.ibm.com/apidocs/watsonx-ai
    "results": ("stop_reason", "not_finished"),
    # YandexGPT. https://yandex.cloud/en/docs/ai-studio/text-generation/api-ref/TextGeneration/completion
    "alternatives": ("status", "ALTERNATIVE_STATUS_PARTIAL"),
}
# DashScope's is a text, or nothing. https://help.aliyun.com/en/model-studio/qwen-api-via-dashscope
_GOING_ON = (None, "null")


def unfinished(fields: Fields) -> bool:
    """Return whether a chunk says that it is not the last one.

    >>> unfinished({"Choices": [{"FinishReason": ""}]}), unfinished({"Choices": [{"FinishReason": "stop"}]})
    (True, False)
    """
    # llama.cpp. https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md
    if fields.get("stop") is False:
        return True
    if "output" in fields:
        output = sub(fields, "output") or {}
        return any(row["finish_reason"] in _GOING_ON for row in _answers(output) if "finish_reason" in row)
    inner = sub(fields, "result") if "result" in fields else fields
    return any(
        row.get(name) == word
        for holder, (name, word) in _WORDS.items()
        if inner is not None and holder in inner
        for row in items(inner, holder)
    )


def _answers(output: Fields) -> list[Fields]:
    return [output, *items(output, "choices")]
