"""Amazon Polly: speech is billed by the characters of its text, which the answer counts.

https://docs.aws.amazon.com/polly/latest/dg/API_SynthesizeSpeech.html
https://docs.aws.amazon.com/polly/latest/dg/API_SynthesisTask.html
"""

from __future__ import annotations

from ..core.usage import Usage
from .fields import sub, text, whole_number
from .reader import Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_COUNT = "RequestCharacters"


def read(fields: Fields) -> Usage:
    """Return the characters of an answer, or of a task that writes to a bucket.

    >>> read({"ContentType": "audio/mpeg", "RequestCharacters": 20}).quantities
    {'input_characters': 20}

    Raises:
        MissingUsageError: they are not stated.
        InconsistentUsageError: they are no count.
    """
    holder = fields if _COUNT in fields else sub(fields, "SynthesisTask") or {}
    if holder.get(_COUNT) is None:
        raise missing("this speech")
    characters = whole_number(_COUNT, holder[_COUNT])
    facts = {"provider": "aws_polly", "model": text(holder, "Engine")}
    return Usage.of({"input_characters": characters}, 0, "speech", facts)


def recognises(fields: Fields) -> bool:
    """Return whether this is an answer of it."""
    if "usage" in fields:
        return False
    return _COUNT in fields or _COUNT in (sub(fields, "SynthesisTask") or ())


READER = Reader("Amazon Polly", recognises, read, "only the characters are counted")
