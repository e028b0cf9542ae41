"""What a span states beside its counters: the model, whose it is, the tier, when it was, and a cost.

A cost was calculated by the instrumentation, unless the provider is one that states its own bill.
"""

from __future__ import annotations

from ..core.notes import Note
from .ai_sdk_metadata import seller_of
from .dialects.reported import charge, usd
from .fields import text
from .logged import of_json
from .span import start_of
from .span_hosts import seller_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields

_MODEL = (
    "gen_ai.response.model",
    "llm.response.model_name",
    "llm.response.model",
    "ai.response.model",
    "decision.response.model_name",
    "gen_ai.request.model",
    "llm.model_name",
    "llm.request.model_name",
    "llm.request.model",
    "llm.model",
    "ai.model.id",
    "embedding.model_name",
    "decision.model_name",
    "decision.request.model_name",
    "mlflow.llm.model",
)
_PROVIDER = (
    "gen_ai.provider.name",
    "llm.provider",
    "gen_ai.system",
    "llm.system",
    "ai.model.provider",
    "decision.provider",
    "mlflow.llm.provider",
)
_SERVED = ("openai.response.service_tier", "gen_ai.openai.response.service_tier", "gen_ai.response.service_tier")
_REQUESTED = ("openai.request.service_tier", "gen_ai.openai.request.service_tier", "gen_ai.request.service_tier")
COSTS = (
    "gen_ai.usage.cost",
    "gen_ai.usage.total_cost",
    "gen_ai.cost",
    "llm.cost.total",
    "llm.usage.cost",
    "operation.cost",
    "mlflow.llm.cost",
)
# Sellers of which a response states what is charged, so that it is no calculation. https://openrouter.ai/docs/api-reference/overview
_BILLING = {"openrouter": "openrouter", "vercel": "vercel_ai_gateway", "vercel_ai_gateway": "vercel_ai_gateway"}
_STANDARD = frozenset({"auto", "default", "standard"})


def facts_of(fields: Fields, attributes: Fields) -> dict[str, object]:
    """Return the facts that a span states of a call."""
    model = _first(attributes, _MODEL)
    server = text(attributes, "server.address")
    host, region = seller_at(server) if server is not None else (None, None)
    provider = host or seller_of(_first(attributes, _PROVIDER))
    if provider in _GOOGLE and _by_vertex(attributes, model):
        provider = "gcp.vertex_ai"
    facts = {
        "model": model,
        "named_provider": provider,
        "region": region,
        "service_tier": _first(attributes, _SERVED) or _first(attributes, _REQUESTED),
        "at": start_of(fields),
    }
    return {fact: value for fact, value in facts.items() if value is not None}


# Words that may mean either way in which Google sells.
_GOOGLE = frozenset({"gcp.gen_ai", "google"})


def _by_vertex(attributes: Fields, model: str | None) -> bool:
    """Return whether a project or a region shows that Google's model was called on Vertex AI."""
    if (text(attributes, "llm.system") or "").lower() == "vertexai" or (model or "").startswith("projects/"):
        return True
    return any(text(attributes, name) for name in ("cloud.region", "gcp.location", "gcp.project_id"))


def _first(attributes: Fields, names: tuple[str, ...]) -> str | None:
    for name in names:
        if name in attributes:
            found = text(attributes, name)
            if found is not None:
                return found
    return None


def add_remarks(usage: Usage, attributes: Fields) -> None:
    """State the cost where the seller bills by its own word, and note it where an instrumentation calculated it."""
    notes = []
    tier = _first(attributes, _REQUESTED)
    if tier is not None and usage.service_tier == tier and _first(attributes, _SERVED) is None:
        if tier.lower() in _STANDARD:
            usage.service_tier = None
        else:
            said = f"the span says that {tier} was requested, and not what was served: billed as requested"
            notes.append(Note("tier_requested", said, "service_tier"))
    seller = _BILLING.get((usage.named_provider or "").lower().replace("-", "_"))
    for name in COSTS:
        stated = of_json(attributes.get(name))
        amount = stated.get("total_cost") if isinstance(stated, dict) else stated
        cost = usd(amount) if seller is None else charge(usage, amount, name)
        if cost is None:
            continue
        if seller is not None and cost:
            usage.reported, usage.provider = cost, seller
        elif cost:
            said = f"{name}={cost} was calculated by the instrumentation and is not used"
            notes.append(Note("cost_not_used", said, name))
        break
    usage.notes = (*usage.notes, *notes)
