"""The usage of a call from its text: tokens are counted with tiktoken and marked as an estimate."""

from __future__ import annotations

from ..core.notes import Note
from ..core.usage import Usage
from ..errors import (
    ArgumentError,
    IgnoredArgumentWarning,
    MissingDependencyError,
    MissingUsageError,
    how_to_install,
    shown,
)
from ..readers.fields import nested
from .arguments import one_text
from .floats import warn_once

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
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
        if content is not None and not isinstance(content, (str, list)):
            return None
        if isinstance(content, list) and any(
            not isinstance(part, dict) or part.get("type") != "text" for part in content
        ):
            return None
        stated = (*_names(message), *_content(message)[0])
        tokens += _PER_MESSAGE + sum(map(count, stated)) + (_PER_NAME if message.get("name") else 0)
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
    texts = text if isinstance(text, list) else [] if text is None else [text]
    joined = "".join([one_text("text", part) for part in texts])
    usage = count_usage(model, prompt=joined, messages=messages)
    for note in usage.notes[1:]:
        warn_once(("token_counter", "messages"), f"token_counter: {note}", IgnoredArgumentWarning)
    return int(usage.input_tokens)


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
    uncounted = 0
    for fields in messages_of(messages):
        texts, others = _content(fields)
        tokens += _PER_MESSAGE + sum(map(count, (*_names(fields), *texts)))
        uncounted += others
    if messages:
        tokens += _PER_ANSWER
    usage = Usage(input=tokens, output=count(completion) if completion else 0)
    estimated = Note("estimated_tokens", "the tokens are an estimate, counted from the text")
    return usage.replaced(notes=(estimated, *not_text(uncounted)))


def not_text(parts: int) -> tuple[Note, ...]:
    """Return the note on parts of messages that are no text: their cost is not known, and not zero."""
    if not parts:
        return ()
    which = "part that is no text is" if parts == 1 else "parts that are no text are"
    said = f"the messages' {parts} {which} not counted: pass the usage of the response"
    return (Note("not_counted", said, "messages"),)


def contents_of(messages: object) -> tuple[list[str], int]:
    """Return the texts of messages, without who says them, and how many of their parts are no text.

    >>> contents_of([{"role": "user", "content": [{"type": "text", "text": "hello"}, {"type": "image_url"}]}])
    (['hello'], 1)

    Raises ArgumentError if they are no list of messages.
    """
    contents = [_content(fields) for fields in messages_of(messages)]
    return [text for texts, _ in contents for text in texts], sum(others for _, others in contents)


def messages_of(messages: object) -> list[Mapping[str, Any]]:
    """Return the fields of messages, which are dicts or objects of an SDK; raise ArgumentError if they are none."""
    if messages is None:
        return []
    if not isinstance(messages, (list, tuple)):
        raise ArgumentError(f"messages={shown(messages)}: it has to be a list of messages")
    found = []
    for place, message in enumerate(messages):
        fields = nested(message)
        if fields is None or not ("content" in fields or "role" in fields):
            raise ArgumentError(f"messages[{place}]={shown(message)}: a message has a role and a content")
        found.append(fields)
    return found


def _names(fields: Mapping[str, Any]) -> list[str]:
    return [str(fields.get(key)) for key in ("role", "name") if fields.get(key)]


def _content(fields: Mapping[str, Any]) -> tuple[list[str], int]:
    """Return the texts of one message, and how many of its parts are no text: images, calls of tools."""
    content = fields.get("content")
    others = sum(1 for name in ("tool_calls", "function_call") if fields.get(name))
    if content is None:
        return [], others
    texts = []
    for part in content if isinstance(content, (list, tuple)) else [content]:
        inner = nested(part)
        text = inner.get("text") if inner is not None else part
        if isinstance(text, str):
            texts.append(str.__str__(text))
        elif inner is None:
            raise ArgumentError(f"messages: the content {shown(part)} is neither text nor a part of a message")
        else:
            others += 1
    return texts, others
