"""The usage of a call from its text: tokens are counted with tiktoken and marked as an estimate."""

from __future__ import annotations

from ..core.notes import Note
from ..core.usage import Usage
from ..errors import IgnoredArgumentWarning, MissingDependencyError, MissingUsageError, how_to_install
from .floats import warn_once

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

# Tokens that a chat format adds: per message, to prime the answer, and to the name of who speaks.
# https://developers.openai.com/cookbook/examples/how_to_count_tokens_with_tiktoken
_PER_MESSAGE, _PER_ANSWER, _PER_NAME = 3, 3, 1


def checked_tiktoken() -> Any:
    """Return tiktoken; raise MissingDependencyError if it is not installed."""
    try:
        import tiktoken
    except ImportError:
        raise MissingDependencyError(
            f"counting the tokens of a text needs tiktoken: {how_to_install('tokens', 'tiktoken')}, or pass the usage",
            "tokens",
        ) from None
    return tiktoken


def counter(model: str | None, *, guess: bool = True) -> Callable[[str], int]:
    """Return a function that counts the tokens of a text as a model would, as nearly as tiktoken knows it.

    Raises MissingDependencyError if the extra ``tokens`` is not installed, or cannot load what it counts by; without
    ``guess`` KeyError for a model that tiktoken does not know.
    """
    tiktoken = checked_tiktoken()
    try:
        try:
            encoding = tiktoken.encoding_for_model((model or "").rpartition("/")[2])
        except KeyError:
            if not guess:
                raise
            encoding = tiktoken.get_encoding("o200k_base")
    except (OSError, ValueError) as error:
        raise MissingDependencyError(
            f"tiktoken cannot load its encoding ({type(error).__name__}), which it fetches when it is first used: "
            "let it do so once, or pass the usage",
            "tokens",
        ) from error
    return lambda text: len(encoding.encode(text, disallowed_special=()))


# Models whose requests have exactly the tokens of their texts and what the chat format adds, as the page above says.
_STATED = ("gpt-3.5-turbo", "gpt-4")


def tokens_of(model: str, *, texts: list[str] | None = None, messages: object = None) -> int | None:
    """Return how many tokens a prompt of texts, or of messages, has; None where that is not known to the last one.

    Messages are those of OpenAI's chat, of text alone, for the models for which OpenAI states how they are counted. A
    name that tiktoken does not know has no count.

    Raises MissingDependencyError as ``counter`` does.
    """
    bare = model.rpartition("/")[2]
    if messages is not None and not bare.startswith(_STATED):
        return None
    try:
        count = counter(model, guess=False)
    except KeyError:
        return None
    if texts is not None:
        return sum(map(count, texts))
    if not isinstance(messages, (list, tuple)):
        return None
    tokens = _PER_ANSWER
    for message in messages:
        if not isinstance(message, dict) or not message.keys() <= {"role", "content", "name"}:
            return None
        content = message.get("content")
        if isinstance(content, list) and any(
            not isinstance(part, dict) or part.get("type") != "text" for part in content
        ):
            return None
        tokens += _PER_MESSAGE + sum(map(count, _texts(message))) + (_PER_NAME if message.get("name") else 0)
    return tokens


def token_counter(
    model: str = "",
    custom_tokenizer: object = None,
    text: str | list[str] | None = None,
    messages: object = None,
    count_response_tokens: bool | None = False,
    tools: object = None,
    tool_choice: object = None,
    use_default_image_token_count: bool | None = False,
    default_token_count: int | None = None,
) -> int:
    """Return how many tokens a text or messages have, as nearly as tiktoken knows the model: an estimate.

    Takes LiteLLM's arguments in LiteLLM's order. A tokenizer of one's own is not used, and tools and images are not
    counted, which warns.

    Raises:
        MissingUsageError: there is neither a text nor messages.
        MissingDependencyError: the extra ``tokens`` is not installed, or cannot load what it counts by.
    """
    del count_response_tokens, default_token_count
    if text is None and not messages:
        raise MissingUsageError("token_counter() has nothing to count: give text= or messages=")
    unused = (
        ("custom_tokenizer", custom_tokenizer, "used: tiktoken counts"),
        ("tools", tools, "counted"),
        ("tool_choice", tool_choice, "counted"),
        ("use_default_image_token_count", use_default_image_token_count, "used: images are not counted"),
    )
    for name, value, what in unused:
        if value:
            warn_once(("token_counter", name), f"token_counter: {name}= is not {what}", IgnoredArgumentWarning)
    joined = "".join(text) if isinstance(text, list) else text or ""
    return int(count_usage(model, prompt=joined, messages=messages).input_tokens)


def count_usage(
    model: str | None,
    *,
    prompt: str = "",
    messages: object = None,
    completion: str = "",
) -> Usage:
    """Return the usage of a text call, as an estimate."""
    count = counter(model)
    tokens = count(prompt) if prompt else 0
    if isinstance(messages, (list, tuple)) and messages:
        for message in messages:
            tokens += _PER_MESSAGE + sum(count(text) for text in _texts(message))
        tokens += _PER_ANSWER
    usage = Usage(input=tokens, output=count(completion) if completion else 0)
    return usage.replaced(notes=(Note("estimated_tokens", "the tokens are an estimate, counted from the text"),))


def contents_of(messages: object) -> list[str]:
    """Return the texts of messages, without who says them."""
    return [text for message in messages for text in _content(message)] if isinstance(messages, (list, tuple)) else []


def _texts(message: object) -> list[str]:
    if not isinstance(message, dict):
        return []
    return [*(str(message[key]) for key in ("role", "name") if message.get(key)), *_content(message)]


def _content(message: object) -> list[str]:
    content = message.get("content") if isinstance(message, dict) else None
    if isinstance(content, str):
        return [content]
    parts = content if isinstance(content, list) else []
    return [part["text"] for part in parts if isinstance(part, dict) and isinstance(part.get("text"), str)]
