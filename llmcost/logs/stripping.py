"""A response without its texts, for a report of a wrong cost: it holds nothing that a person has written.

Numbers, truth values, names of fields and the structure stay. Of the texts these stay: numbers and times, but not under
fields that hold what a person wrote or is; and single words under the fields that say what a response is: models,
sellers, tiers, kinds, places. Every other text becomes ``x1``, ``x2`` ..., equal texts the same word, since some fees
count how many different queries there were. A name of a field that is an address or a sentence is such a text too.
"""

from __future__ import annotations

import io
import json
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Fields whose words stay, by their names in small letters alone; and how the names of such fields end.
KEPT = frozenset(
    {
        # Who answered.
        *("modelversion", "modelarn", "modelpermaslug", "arch", "variant", "genaisystem", "llmsystem"),
        *("deployment", "dialect", "lsprovider", "processor", "vendor", "aiorg"),
        # What it is, and how it ended.
        *("object", "type", "event", "kind", "format", "role", "status", "state", "op", "operation"),
        "genaioperationname",
        *("finishreason", "stopreason", "completionreason", "cachestatus"),
        # What decides a price.
        *("tier", "traffictype", "region", "regionname", "location", "inferencegeo", "speed", "ttl", "modality"),
        *("engine", "searchcontextsize", "size", "quality", "resolution", "serversidetoolsused", "currency", "unit"),
    }
)
KEPT_ENDS = ("model", "modelname", "modelid", "provider", "providername", "providerid", "tier", "type")
# Fields that hold what tools and models are given, and texts as numbers: their numbers and the names in them go too.
GIVEN = frozenset(
    {
        *("arguments", "args", "toolinput", "parameters", "inputschema", "jsonschema", "schema", "tools", "headers"),
        *("responseheaders", "logprobs", "bytes", "tokenids", "prompttokenids", "completiontokenids", "context"),
    }
)
# Fields that hold what a person wrote or is, and how the names of such fields end, also where the value reads like a
# number or a time.
WRITTEN = frozenset({"delta", "prompt", "completion", "query", "queries", "title", "thinking", "reasoning", "refusal"})
WRITTEN_ENDS = (
    *("content", "text", "name", "id", "user", "email", "phone", "address"),
    *("birth", "birthday", "birthdate", "dob"),
)
# Fields that say who somebody is by a number.
WHO_ENDS = ("id", "user", "phone")
_CALLED = frozenset({"tool_use", "server_tool_use", "mcp_tool_use"})
# Shorter lists of numbers may count something.
_VECTOR = 8
# No counter has more digits. A time may, and an amount of money has a point.
_NUMBER = re.compile(r"-?[0-9]{1,10}|-?[0-9]+\.[0-9]+([eE][-+]?[0-9]+)?|-?[0-9]{1,10}[eE][-+]?[0-9]+")
# A length of time, as the JSON of Protocol Buffers writes it: 12.500s.
_SECONDS = re.compile(r"[0-9]{1,10}(\.[0-9]{1,9})?s")
_NANOSECONDS = re.compile(r"[0-9]{11,19}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.,]+)?( ?(Z|UTC|[-+][0-9:]+))?")
_WORD = re.compile(r"[\w.:/@+#\[\]-]{1,200}")
_FIELD = re.compile(r"[$\w][\w.:/@+\[\]-]{0,100}")
# Words that say where something lies, who somebody is, or what opens a door: an address, a path, a mail, a key.
_PRIVATE = re.compile(r".*://|[/~.]|[A-Za-z]:[/\\]|.*@.*\.[A-Za-z]|(sk|pk|rk)[-_]|AKIA|AIza|gh[pousr]_|xox|hf_|gsk_")
# The start of an id, or of the address of a job, says what made it: ``msg_bdrk_...`` is Bedrock's. Any other start may
# be a name.
_PREFIX = re.compile(r"msg_(bdrk_|vrtx_)?|gen[-_]|modr-|chatcmpl-|resp_|req_|(https://openrouter\.ai)?/api/v1/videos/")
_ACCOUNT = re.compile(r"(?<=:)[0-9]{12}(?=:)")
# A fine-tuned model: after its base stand an organisation and names that it chose.
_TUNED = re.compile(r"(ft:[^:]+:)(.+)")


class Strip:
    """Strips the responses of one file, in which equal texts become equal words.

    >>> strip = Strip()
    >>> strip.value(
    ...     {"model": "gpt-4o", "choices": [{"message": {"content": "My secret"}}], "usage": {"prompt_tokens": 9}}
    ... )
    {'model': 'gpt-4o', 'choices': [{'message': {'content': 'x1'}}], 'usage': {'prompt_tokens': 9}}
    """

    def __init__(self) -> None:
        self._words: dict[str, str] = {}

    def value(self, value: object, field: str = "", *, given: bool = False) -> object:
        """Return a value of JSON without its texts; of what was ``given`` to a tool without its numbers too."""
        if isinstance(value, dict):
            return self._fields(value, field, given=given)
        if isinstance(value, (list, tuple)):
            if len(value) > _VECTOR and all(type(inner) in {int, float} for inner in value):
                return []
            return [self.value(inner, field, given=given) for inner in value]
        if isinstance(value, str):
            return self._text(value, field, given=given)
        if type(value) in {int, float}:
            return 0 if given else int(self._word(str(value))[1:]) if plain(field).endswith(WHO_ENDS) else value
        return value

    def _fields(self, fields: Mapping[str, object], field: str, *, given: bool) -> dict[str, object]:
        # What a tool is called with stands in a field that elsewhere holds counters.
        called = fields.get("type") in _CALLED if isinstance(fields.get("type"), str) else False
        return {
            self._name(name): self.value(
                # Where a model is an object, its id is the model's: {"model": {"id": "claude-opus-4-8"}}.
                inner,
                field if name == "id" and plain(field).endswith("model") else name,
                given=given or plain(name) in GIVEN or (called and name == "input"),
            )
            for name, inner in fields.items()
        }

    def _name(self, name: str) -> str:
        return name if _FIELD.fullmatch(name) and not _PRIVATE.match(name) else self._word(name)

    def _text(self, text: str, field: str, *, given: bool) -> str:
        name = plain(field)
        if not text.strip():
            return text
        if not given and not _is_written(name) and _counts(text, name):
            return text
        if not given and (name in KEPT or name.endswith(KEPT_ENDS)) and _WORD.fullmatch(text):
            tuned = _TUNED.fullmatch(text)
            if tuned is not None:
                return tuned[1] + ":".join(part and self._word(part) for part in tuned[2].split(":"))
            if not _PRIVATE.match(text):
                return _ACCOUNT.sub("0" * 12, text)
        found = _PREFIX.match(text) if name.endswith(("id", "pollingurl")) else None
        return f"{found[0] if found else ''}{self._word(text)}"

    def _word(self, text: str) -> str:
        return self._words.setdefault(text, f"x{len(self._words) + 1}")


def _is_written(name: str) -> bool:
    return name in WRITTEN or name.endswith(WRITTEN_ENDS)


def _counts(text: str, name: str) -> bool:
    """Return whether a text is a number or a time."""
    known = _NUMBER.fullmatch(text) or _SECONDS.fullmatch(text) or _TIME.fullmatch(text)
    return known is not None or ("time" in name and _NANOSECONDS.fullmatch(text) is not None)


def plain(field: str) -> str:
    """Return the name of a field in small letters alone.

    >>> plain("serviceTier"), plain("service_tier"), plain("gen_ai.request.model")
    ('servicetier', 'servicetier', 'genairequestmodel')
    """
    return re.sub(r"[^a-z0-9]", "", field.lower())


def stripped_lines(text: str) -> Iterator[str]:
    r"""Yield the lines of a file without their texts: of one JSON document, of JSON Lines, or of server-sent events.

    >>> list(stripped_lines('event: message_stop\ndata: {"type": "message_stop", "text": "Hi"}\ndata: [DONE]'))
    ['event: message_stop', 'data: {"type": "message_stop", "text": "x1"}', 'data: [DONE]']

    Raises:
        ValueError: a line is neither JSON nor a field of an event; the text names it.
    """
    strip = Strip()
    try:
        whole = json.loads(text)
    except RecursionError:
        raise ValueError("no JSON that can be read: too deep") from None
    except ValueError:
        pass
    else:
        yield from json.dumps(strip.value(whole), indent=1, ensure_ascii=False).splitlines()
        return
    # A text inside JSON may hold other characters at which splitlines() would end a line, such as U+2028.
    for number, line in enumerate((ended.rstrip("\n") for ended in io.StringIO(text, newline=None)), 1):
        field, colon, rest = line.partition(":")
        done = field == "data" and rest.strip() == "[DONE]"
        if not line.strip() or done or (field == "event" and _WORD.fullmatch(rest.strip())):
            yield line
        elif colon and field in {"", "id", "retry"}:
            continue  # a comment, or what says nothing of the call
        else:
            head, body = ("data: ", rest) if field == "data" else ("", line)
            try:
                value = json.loads(body)
            except (ValueError, RecursionError):
                raise ValueError(
                    f"line {number} is no JSON and no field of an event: nothing of it can be kept"
                ) from None
            yield head + json.dumps(strip.value(value), ensure_ascii=False)
