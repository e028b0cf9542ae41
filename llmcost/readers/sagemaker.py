"""SageMaker endpoints: the body is the container's own, and the time of the instance is what is billed.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
"""

from __future__ import annotations

from ..errors import shown
from .reader import Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields


def read(fields: Fields) -> Usage:
    """Raise: nothing in the response is billed, only the time that the caller measured.

    Raises:
        MissingUsageError: always. ``calculate(response, duration=...)`` goes on with the caller's seconds.
    """
    variant = fields.get("InvokedProductionVariant")
    raise missing(
        f"a SageMaker endpoint{f' (variant {shown(variant)})' if isinstance(variant, str) else ''}",
        "It is billed by the time of its instance: pass duration= (seconds), or usage= for a price per token.",
    )


def recognises(fields: Fields) -> bool:
    """Return whether this is the answer of an endpoint."""
    return "Body" in fields and ("InvokedProductionVariant" in fields or "ContentType" in fields)


READER = Reader("SageMaker endpoint", recognises, read, "it counts nothing: its time is what is billed")
