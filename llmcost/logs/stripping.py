"""A response without its texts: what a report of a wrong cost needs, and nothing that a person has written.

Numbers, truth values, names of fields and the structure stay. Of texts stay those that are a number or a time, and
single words under the fields that say what a response is: models, sellers, tiers, kinds, places. Every other text
becomes ``x1``, ``x2`` ..., equal ones alike, since some fees count how many different queries there were.
"""

from __future__ import annotations

import json
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Fields whose words stay, by their names in small letters alone; and how the names of such fields end.
KEPT = frozenset(
    {
        # Who answered.
        *("modelversion", "modelarn", "modelpermaslug", "arch", "variant", "system", "genaisystem", "llmsystem"),
        *("deployment", "dialect", "lsprovider"),
        # What it is, and how it ended.
        *("object", "type", "event", "kind", "format", "role", "status", "state", "operation", "genaioperationname"),
        *("finishreason", "stopreason", "completionreason"),
        # What decides a price.
        *("tier", "traffictype", "region", "regionname", "location", "inferencegeo", "speed", "ttl", "modality"),
        *("searchcontextsize", "size", "quality", "resolution", "serversidetoolsused", "currency", "unit"),
    }
)
KEPT_ENDS = ("model", "modelname", "modelid", "provider", "providername", "providerid", "tier", "type")
# Fields that hold what tools and models are given: their numbers go too.
GIVEN = frozenset(
    {"arguments", "args", "toolinput", "parameters", "inputschema", "jsonschema", "schema", "tools", "headers"}
)
_CALLED = frozenset({"tool_use", "server_tool_use", "mcp_tool_use"})
# Shorter lists of numbers may count something.
_VECTOR = 8
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.,]+)?( ?(Z|UTC|[-+][0-9:]+))?")
_WORD = re.compile(r"[\w.:/@+\[\]-]{1,200}")
# The start of an id says what made it: ``msg_bdrk_...`` is Bedrock's.
_PREFIX = re.compile(r"[a-z]+[_-]([a-z]+[_-])*")
_ACCOUNT = re.compile(r"(?<=:)[0-9]{12}(?=:)")


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
            return self._fields(value, given=given)
        if isinstance(value, (list, tuple)):
            if len(value) > _VECTOR and all(type(inner) in {int, float} for inner in value):
                return []
            return [self.value(inner, field, given=given) for inner in value]
        if isinstance(value, str):
            return self._text(value, field, given=given)
        return 0 if given and type(value) in {int, float} else value

    def _fields(self, fields: Mapping[str, object], *, given: bool) -> dict[str, object]:
        # What a tool is called with stands in a field that elsewhere holds counters.
        called = fields.get("type") in _CALLED if isinstance(fields.get("type"), str) else False
        return {
            name: self.value(inner, name, given=given or plain(name) in GIVEN or (called and name == "input"))
            for name, inner in fields.items()
        }

    def _text(self, text: str, field: str, *, given: bool) -> str:
        name = plain(field)
        if not text.strip() or (not given and (_NUMBER.fullmatch(text) or _TIME.fullmatch(text))):
            return text
        if not given and (name in KEPT or name.endswith(KEPT_ENDS)) and _WORD.fullmatch(text):
            return _ACCOUNT.sub("0" * 12, text)
        found = _PREFIX.match(text) if name.endswith("id") else None
        word = self._words.setdefault(text, f"x{len(self._words) + 1}")
        return f"{found[0]}{word}" if found else word


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
    for number, line in enumerate(text.splitlines(), 1):
        field, colon, rest = line.partition(":")
        done = field == "data" and rest.strip() == "[DONE]"
        if not line.strip() or done or (field == "event" and _WORD.fullmatch(rest.strip())):
            yield line
        elif colon and field in {"id", "retry"}:
            continue  # they say nothing of the call
        else:
            head, body = ("data: ", rest) if field == "data" else ("", line)
            try:
                value = json.loads(body)
            except (ValueError, RecursionError):
                raise ValueError(
                    f"line {number} is no JSON and no field of an event: nothing of it can be kept"
                ) from None
            yield head + json.dumps(strip.value(value), ensure_ascii=False)
