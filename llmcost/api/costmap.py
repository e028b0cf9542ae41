"""CostMap: one call as a straight line, from a response to a Cost."""

from __future__ import annotations

from time import time

from ..core.call_cost import of_reported, of_segments, of_tariff
from ..core.rating import amount
from ..core.tiers import PREPAID
from ..core.usage import NOTHING_MORE, counted
from ..errors import PriceDataError, UnknownModelError, UnpricedUsageError
from ..prices.costmap import PriceMap
from ..readers import read_usage
from .facts import NOTHING, documented, given_facts
from .plan import FOREVER, IN_PARTS, asked_of, plan_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Mapping
    from typing import Any, Literal

    from ..core.cost import Cost
    from ..core.counts import Quantity
    from ..core.usage import Usage
    from ..errors import UsageError
    from ..prices.update import Report
    from .facts import Given
    from .plan import Plan

_MOST_PLANS = 4096
# A longer name is that of no model, and is not kept.
_LONGEST_NAME = 500
_CACHED = "answered from the application's own cache"


class CostMap(PriceMap):
    """All models with their prices; answers what a call cost, and why.

    A map of one's own has no global state. It reads like a mapping of names to entries.

    >>> prices = CostMap({"my-model": {"input_cost_per_token": 2e-6, "output_cost_per_token": 8e-6}})
    >>> prices.calculate(usage={"prompt_tokens": 1000, "completion_tokens": 100}, model="my-model").total
    Decimal('0.0028')

    Args:
        entries: model -> price keys (USD per unit), or the path of such a JSON file; the bundled map if None.

    Raises:
        PriceDataError: the entries are no mapping of mappings, or the file is no JSON.
    """

    @classmethod
    def bundled(cls) -> CostMap:
        """Return a map of one's own over the prices that ship with the package."""
        return cls()

    @staticmethod
    def update(source: str | None = None, *, check: bool = False, accept: bool = False) -> Report:
        """Return what an update of the bundled prices does, and put it in use unless ``check``.

        It is used by maps that are made afterwards, in this process and in others. Never implicit: nothing is
        fetched but by this call.

        Args:
            source: an https address or a path, of a folder with ``map_info.json`` or of one JSON map; the
                environment variable ``LLMCOST_UPDATE_FROM`` if it is not given.
            check: only say what it would do.
            accept: take it although it changes, deletes or moves more than is usual.

        Raises:
            UpdateError: it cannot be fetched, is damaged, is no price data, is older than the prices in use, or
                changes more than is usual. The last good prices stay in use.
        """
        from ..prices.update import default_source, update  # noqa: PLC0415 - the network only for an update

        return update(source or default_source(), check=check, accept=accept)

    @staticmethod
    def rollback() -> str:
        """Return the folder of the update that is in use again, or "" for the prices of the package.

        Raises UpdateError if no update is in use.
        """
        from ..prices.update import rollback  # noqa: PLC0415 - only for an update

        return rollback()

    def with_config(self, config: str | os.PathLike[str] | Mapping[str, object]) -> CostMap:
        """Return a new map with the deployments of a LiteLLM-style configuration over this one's prices.

        Args:
            config: the path of a YAML file, its text, or the mapping that was read from it.

        Raises:
            ConfigError: every problem of the configuration, each with its line and address.
        """
        from ..config import load  # noqa: PLC0415 - yaml and pydantic load when a configuration is read

        return self.with_deployments(load(config, self))

    def _price(
        self,
        response: object = None,
        usage: object = None,
        duration: object = None,
        *,
        model: str | None = None,
        at: object = None,
        **given: object,
    ) -> Cost:
        facts = NOTHING if duration is None and not given else given_facts(duration, given)
        missing = None
        if type(response) is dict and usage is None and (facts is NOTHING or not facts.completes):
            stated = read_usage(response, facts.dialect)
        else:
            stated, facts, missing = _stated(response, usage, facts)
        plain = stated.more is NOTHING_MORE and (facts is NOTHING or not facts.completes)
        named, provider = stated.model, stated.provider
        try:
            if not plain:
                plan = self._plan(None, model, stated, facts)
            else:
                bare = model is None and provider is None and facts is NOTHING
                key: object = named if bare else (model, named, provider, facts.key)
                plan = self._state.plans.get(key) or self._plan(key, model, stated, facts)
        except UnknownModelError:
            if facts.prefer == "reported" and stated.reported is None:
                raise _nothing_reported() from None
            if facts.prefer == "calculated" or facts.cache_hit or stated.reported is None:
                raise
            cost = of_reported(stated.reported, stated, None, model or named)
            return cost.asked(facts.service_tier, facts.served_tier)
        except TypeError:
            # What is no text cannot be looked up by, and is refused by name.
            plan = self._plan(None, model, stated, facts)

        when = stated.at if at is None else at
        basis = "current"
        notes: tuple[str, ...] = ()
        if at is None and type(when) is int and plan.settled <= when < plan.until and when <= time():
            # Nothing has changed since: the present prices are those of that day.
            basis = plan.basis
        elif when is not None or plan.until is not FOREVER:
            stated, plan, basis, notes = self._dated(stated, plan, at)

        if plain and plan.alone:
            context, word = stated.context, stated.service_tier
            below = context is not None and context < plan.below and (word is None or type(word) is str)
            tariff = (plan.tariffs.get(word) if below else None) or plan.tariff(stated)
            numerator = amount(stated.quantities, tariff) if tariff is not None else None
            if tariff is not None and numerator is not None:
                cost = of_tariff(numerator, tariff, stated, model or named)
                if basis != "current" or notes:
                    cost.dated(basis, notes)
                if facts is not NOTHING:
                    cost.asked(facts.service_tier, facts.served_tier)
                return cost
        return self._with_care(stated, plan, facts, at, basis, notes, missing)

    if TYPE_CHECKING:

        def calculate(
            self,
            response: object = None,
            usage: object = None,
            duration: Quantity | None = None,
            *,
            model: str | None = None,
            provider: str | None = None,
            deployment: str | None = None,
            base_model: str | None = None,
            dialect: str | None = None,
            service_tier: str | None = None,
            served_tier: str | None = None,
            batch: bool | None = None,
            region: str | None = None,
            at: object = None,
            size: str | None = None,
            quality: str | None = None,
            resolution: str | None = None,
            n: int | None = None,
            characters: int | None = None,
            elapsed: Quantity | None = None,
            search_context_size: str | None = None,
            web_searches: int | None = None,
            image_model: str | None = None,
            transcription_model: str | None = None,
            cache_hit: bool = False,
            prefer: Literal["auto", "calculated", "reported"] = "auto",
            strict: bool = False,
            replace: bool = False,
            scale_rest: bool = False,
            prices: Mapping[str, object] | None = None,
            **price_keys: object,
        ) -> Cost:
            """Return what a call cost; the docstring at run time is made of the table of facts."""

    else:
        # One function, and not a second one around it: a call has few facts, and thirty keywords would take as long
        # to bind as a common call takes to price. The table of facts says which there are.
        calculate = _price
        calculate.__name__, calculate.__qualname__ = "calculate", "CostMap.calculate"

    def of_two(self, model: str, prompt: int, completion: int) -> tuple[float, float] | None:
        """Return ``(input, output)`` in USD of a call of which only two counters are known.

        None where the prices of the model depend on more than that; ``calculate`` prices every call.
        """
        plan = self._state.plans.get((model, None, None, ()))
        if plan is None:
            plan = self._plan((model, None, None, ()), model, counted({}, 0, "meters"), NOTHING)
        if not plan.alone or plan.until is not FOREVER or prompt >= plan.below:
            return None
        tariff = plan.tariffs.get(None) or plan.tariff(counted({}, prompt, "meters"))
        return tariff.of_two(prompt, completion) if tariff is not None else None

    def _plan(self, key: object, model: str | None, usage: Usage, given: Given) -> Plan:
        """Return the plan of a call, kept under what was said of it."""
        plans = self._state.plans
        asked = asked_of(model, usage, given)
        if key is None and given.key is not None:
            key = (asked.key, given.key)
            try:
                known: Plan | None = plans.get(key)
            except TypeError:
                known = key = None
            if known is not None:
                return known
        plan = plan_of(self, asked, usage, given)
        names = (asked.model, asked.response_model, asked.deployment, asked.model_id)
        if key is not None and given.key is not None and plan.card.match_rule != IN_PARTS:
            if len(plans) >= _MOST_PLANS:
                plans.clear()
            if all(len(name or "") <= _LONGEST_NAME for name in names):
                plans[key] = plan
        return plan

    def _dated(self, usage: Usage, plan: Plan, at: object) -> tuple[Usage, Plan, str, tuple[str, ...]]:
        """Return the plan with the prices of the call's day; a time of the response that is none says nothing."""
        if at is not None:
            return usage, *plan.at(self, at, explicit=True)
        try:
            return usage, *plan.at(self, usage.at, explicit=False)
        except PriceDataError:
            if usage.at is None:
                raise
            note = f"the response's time {str(usage.at)[:40]!r} is no time: priced by today"
            undated = usage.replaced(at=None, notes=(*usage.notes, note))
            return undated, *plan.at(self, None, explicit=False)

    def _with_care(
        self,
        usage: Usage,
        plan: Plan,
        given: Given,
        at: object,
        basis: str,
        notes: tuple[str, ...],
        missing: UsageError | None,
    ) -> Cost:
        """Return what a call costs of which more has to be looked at than its counters."""
        from .completing import of_all_videos  # noqa: PLC0415 - most calls are nothing but their counters
        from .segments import BOUGHT, segments_of  # noqa: PLC0415

        card = plan.card
        if given.prefer == "reported" and usage.reported is None:
            raise _nothing_reported()
        if missing is not None and card.prices_tokens and not card.prices_work:
            raise missing
        waived = _CACHED if given.cache_hit else None
        usage = of_all_videos(usage.for_model(card.name, card.model), card.mode, given)
        tier, said = plan.tier(usage)
        cost = of_segments(segments_of(self, plan, usage, tier, at, given), usage, plan.name, card.terms, waived)
        if tier == PREPAID:
            cost.waived = waived or BOUGHT
        if missing is not None and not cost.line_items and not cost.unpriced:
            raise missing
        cost.dated(basis, said + notes).asked(given.service_tier, given.served_tier)
        reported = usage.reported
        if (
            reported is not None
            and waived is None
            and (given.prefer == "reported" or (given.prefer == "auto" and not card.priced_by_user))
        ):
            return of_reported(reported, usage, cost, plan.name).asked(given.service_tier, given.served_tier)
        if given.strict and cost.unpriced:
            raise UnpricedUsageError(
                f"no rate for {', '.join(cost.unpriced)} on {cost.matched_as}: {'; '.join(cost.notes)}", cost.unpriced
            )
        return cost

    def completion_cost(self, *args: Any, **options: Any) -> float:
        """Return what a call cost in USD, as a float; see ``llmcost.completion_cost``, whose arguments it takes.

        >>> CostMap({"m": {"input_cost_per_second": 0.5}}).completion_cost(model="m", total_time=3)
        1.5
        """
        from .drop_in import completion_cost  # noqa: PLC0415 - the functions are made over this class

        return completion_cost(*args, cost_map=self, **options)


CostMap.calculate.__doc__ = f"""Return what a call cost, with the lines that say why.

>>> cost = CostMap().calculate(
...     {{
...         "object": "chat.completion",
...         "model": "gpt-4o-2024-08-06",
...         "usage": {{
...             "prompt_tokens": 2006,
...             "completion_tokens": 300,
...             "total_tokens": 2306,
...             "prompt_tokens_details": {{"cached_tokens": 1920}},
...         }},
...     }}
... )
>>> str(cost), [line.meter for line in cost.line_items]
('0.005615', ['input', 'cache_read', 'output'])

Args:
    response: a raw dict, an SDK object, or a list of stream chunks.
    usage: a Usage or a usage dict, instead of a response or over the one inside it; needs ``model``.
{documented()}

Raises:
    UnknownModelError: no price is known for the model.
    UsageError: the response has no usage, contradicts itself, or is not recognised.
    UnpricedUsageError: with ``strict``, or with ``prefer="reported"`` where no cost is reported.
    UnknownPriceKeyError, InvalidPriceError: a price of the call cannot be billed by.
"""


def _stated(response: object, usage: object, given: Given) -> tuple[Usage, Given, UsageError | None]:
    """Return the usage of a call, completed by the caller's facts, with those that a litellm response carries."""
    if type(response).__module__[:7] == "litellm":
        from .completing import with_hidden  # noqa: PLC0415 - only for litellm's objects

        given = with_hidden(response, given)
    source = response if usage is None else usage
    if source is None or given.completes or (response is not None and usage is not None):
        from .completing import completed_usage  # noqa: PLC0415 - only for what has to be completed

        stated, missing = completed_usage(response, usage, given)
        return stated, given, missing
    return read_usage(source, given.dialect), given, None


def _nothing_reported() -> UnpricedUsageError:
    return UnpricedUsageError("the response reports no cost of its own; use prefer='calculated'", ("reported",))
