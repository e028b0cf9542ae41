"""Amazon Bedrock's log of invocations, as it stands in CloudWatch and in S3; the cache is beside the input.

https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html
"""

from __future__ import annotations

from .fields import sub, text, when
from .framework import HANDED_ON, read_bare
from .reader import Reader
from .words import EXCLUSIVE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields

_COUNT = "TokenCount"


def read(fields: Fields) -> Usage:
    """Return the usage of an invocation.

    >>> sides = {"input": {"inputTokenCount": 9}, "output": {"outputTokenCount": 2}}
    >>> read({"schemaType": "ModelInvocationLog", "modelId": "amazon.nova-lite-v1:0", **sides}).quantities
    {'input': 9, 'output': 2}

    Raises MissingUsageError if nothing was counted: the call failed.
    """
    sides = (sub(fields, "input") or {}, sub(fields, "output") or {})
    counters = {name: value for side in sides for name, value in side.items() if str(name).endswith(_COUNT)}
    if counters:
        # An embedding has no answer.
        counters.setdefault("outputTokenCount", 0)
    usage = read_bare(counters, "this invocation", EXCLUSIVE, model=text(fields, "modelId"), provider="bedrock")
    usage.region, usage.at = text(fields, "region"), when(fields, "timestamp")
    return usage


def recognises(fields: Fields) -> bool:
    """Return whether this is an entry of the log."""
    return "schemaType" in fields and text(fields, "schemaType") == "ModelInvocationLog"


READER = Reader("Bedrock invocation log", recognises, read, HANDED_ON, rank=9)
