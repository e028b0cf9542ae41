"""Lines of the data stream of version 4 of the AI SDK: a letter for the kind of a part, and its value as JSON.

A step ends with a line of its own, and the message with the sum of all steps. The names of the parts are those of the
stream of later versions, which a reader knows.
https://ai-sdk.dev/v4/docs/ai-sdk-ui/stream-protocol
https://github.com/vercel/ai/blob/v4/packages/ui-utils/src/data-stream-parts.ts
"""

from __future__ import annotations

# What starts such a line, as a pattern: a value is never a number or a word.
LINE = r'[0-9a-g]:(?=["\[{])'
_NAMED = {"d": "finish", "e": "finish-step", "f": "start-step"}
_OTHER = "text-delta"


def part_of(line: str) -> str | None:
    """Return the part that a line states, as JSON; None for a line that states none.

    >>> part_of('d:{"finishReason":"stop"}'), part_of('0:"Hi"'), part_of("event: x")
    ('{"type": "finish", "finishReason":"stop"}', '{"type": "text-delta"}', None)
    """
    code, colon, value = line.partition(":")
    if len(code) != 1 or not colon:
        return None
    if code in _NAMED and value[:1] == "{":
        rest = value[1:].lstrip()
        return f'{{"type": "{_NAMED[code]}"{"" if rest.startswith("}") else ", "}{rest}'
    return f'{{"type": "{_OTHER}"}}'
