"""LangChain: a callback handler that enters each call of a model in a tracker.

::

    model.invoke(messages, config={"callbacks": [CostHandler(tracker)]})

It sees what LangChain tells: the answer with its usage, and no request. Track the model's client instead where that can
be done (``llmcost.track(model)``); a call that both see is counted twice.
https://docs.langchain.com/oss/python/langchain/models
"""

from __future__ import annotations

from threading import RLock
from typing import TYPE_CHECKING, Any

from langchain_core.callbacks import BaseCallbackHandler

from ..errors import BudgetExceededError, UnknownModelError
from ..tracking.attempt import Attempt
from ..tracking.default import DEFAULT
from ..tracking.failures import REFUSED, error_of, reached
from ..tracking.gate import admitted
from ..tracking.json_text import bytes_of
from ..tracking.pricing import Facts
from ..tracking.usages import usage_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..tracking.ledger import Ledger

# Calls that are known at once. What budgets hold for a call stays held if LangChain never ends the call.
_MOST = 10_000


class CostHandler(BaseCallbackHandler):  # type: ignore[misc]
    """Enters each call of a model in a tracker: its cost, its status, and on whose behalf it was made.

    A budget of the tracker refuses a call before the model is asked: BudgetExceededError is raised by ``invoke``.

    Args:
        tracker: where calls are entered; the default one, of ``llmcost.track``, if it is not given.
    """

    # Only the refusal of a budget is raised here, and the caller has to get it.
    raise_error = True
    # In the context of the caller, who says on whose behalf it is.
    run_inline = True

    def __init__(self, tracker: Ledger | None = None) -> None:
        super().__init__()
        self._ledger = DEFAULT if tracker is None else tracker
        self._lock = RLock()
        self._open: dict[object, Attempt] = {}

    # LangChain calls these by the names of their arguments.

    def on_chat_model_start(self, serialized: Any, messages: Any, *, run_id: Any, **told: Any) -> None:
        """Begin a call of a chat model.

        Raises BudgetExceededError if a budget has no room for it.
        """
        del serialized
        self._start(run_id, [message for row in messages for message in row], told)

    def on_llm_start(self, serialized: Any, prompts: list[str], *, run_id: Any, **told: Any) -> None:
        """Begin a call of a model of text.

        Raises BudgetExceededError if a budget has no room for it.
        """
        del serialized
        self._start(run_id, prompts, told)

    def on_llm_new_token(self, token: str, *, run_id: Any, **told: Any) -> None:
        """Note when the first piece of an answer has come."""
        del token, told
        attempt = self._open.get(run_id)
        if attempt is not None:
            attempt.first_byte()

    def on_llm_end(self, response: Any, *, run_id: Any, **told: Any) -> None:
        """Enter a call that was answered."""
        del told
        attempt = self._taken(run_id)
        if attempt is not None:
            attempt.left(attempt.answered(lambda: usage_of(response), response))

    def on_llm_error(self, error: BaseException, *, run_id: Any, **told: Any) -> None:
        """Enter a call that was not."""
        del told
        attempt = self._taken(run_id)
        if attempt is not None:
            failure = error_of(error)
            attempt.left(attempt.broke(failure) if reached(error, failure) else attempt.failed(failure))

    def _start(self, run_id: object, messages: Sequence[Any], told: dict[str, Any]) -> None:
        refused: BudgetExceededError | None = self._ledger.guard.call("langchain", self._begun, run_id, messages, told)
        if refused is not None:
            raise refused

    def _begun(self, run_id: object, messages: Sequence[Any], told: dict[str, Any]) -> BudgetExceededError | None:
        fields, metadata = _mapping(told.get("invocation_params")), _mapping(told.get("metadata"))
        attempt = Attempt(self._ledger, lambda: self._facts(fields, metadata))
        attempt.counted()
        if attempt.budgets():
            refused: BudgetExceededError | None = admitted(attempt, lambda: _asking(fields, metadata, messages))
            if refused is not None:
                attempt.left(attempt.failed(REFUSED))
                return refused
        with self._lock:
            if len(self._open) >= _MOST:
                del self._open[next(iter(self._open))]
            self._open[run_id] = attempt
        return None

    def _facts(self, fields: dict[str, Any], metadata: dict[str, Any]) -> Facts:
        names = (metadata.get("ls_model_name"), *(fields.get(name) for name in ("model", "model_name", "model_id")))
        model = next((name for name in names if isinstance(name, str) and name), None)
        provider = metadata.get("ls_provider")
        if model is None or not isinstance(provider, str):
            return Facts(model)
        try:
            self._ledger.cost_map.rate_card(model, provider=provider)
        except UnknownModelError:
            # A class of the user's own, or a name that only LangChain has for a seller.
            return Facts(model)
        return Facts(model, provider)

    def _taken(self, run_id: object) -> Attempt | None:
        with self._lock:
            return self._open.pop(run_id, None)


def _asking(
    fields: dict[str, Any], metadata: dict[str, Any], messages: Sequence[Any]
) -> tuple[dict[str, Any], int | None]:
    """Return what bounds a call: its parameters with its limit, and the bytes of its messages."""
    content = [getattr(message, "content", message) for message in messages]
    limit = metadata.get("ls_max_tokens")
    limits = {} if limit is None else {"max_tokens": limit}
    asked = {**limits, **fields, "messages": [{"content": each} for each in content]}
    # What a message holds beside its content, such as the calls of tools, is not counted in its bytes.
    plain = all(isinstance(each, str) for each in content)
    calls = [getattr(message, "tool_calls", None) or [] for message in messages]
    return asked, bytes_of([content, calls, fields.get("tools")]) if plain else None


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
