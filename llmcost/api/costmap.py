"""CostMap: one call as a straight line, from a response to a Cost."""

from __future__ import annotations

from ..core.call_cost import of_tariff
from ..core.late import Late
from ..core.stated import NOTHING_MORE, own_text
from ..errors import LLMCostError, PriceDataError, UnknownModelError
from ..prices.moments import clock
from ..readers import stated_usage
from .drop_in import LiteLLMNames
from .facts import docstring
from .given import NOTHING, given_facts
from .planning import IN_PARTS, asked_of, at_its_time, plan_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Collection, Iterable, Mapping
    from typing import Literal

    from ..core import blaming, counts, refusing
    from ..core.cost import Cost
    from ..core.counts import Quantity
    from ..core.usage import Usage
    from ..errors import UsageError
    from ..prices.registry import Kept
    from ..updates.update import Report
    from . import careful, completing
    from .given import Given
    from .plan import Plan
else:
    blaming, careful = Late("llmcost.core.blaming"), Late("llmcost.api.careful")
    completing = Late("llmcost.api.completing")
    counts = Late("llmcost.core.counts")
    refusing = Late("llmcost.core.refusing")

# The garbage collector walks over all that is kept. A plan with a call's own prices is often used once: keep fewer.
_MOST_PLANS, _MOST_PRICED = 1024, 256


class CostMap(LiteLLMNames):
    """All models with their prices; answers what a call cost, and why.

    A map shares no state with another one. It reads like a mapping of names to entries.

    >>> prices = CostMap({"my-model": {"input_cost_per_token": 2e-6, "output_cost_per_token": 8e-6}})
    >>> prices.calculate(usage={"prompt_tokens": 1000, "completion_tokens": 100}, model="my-model").total
    Decimal('0.0028')
    >>> config = "model_list: [{model_name: fast, litellm_params: {model: gpt-4o, input_cost_per_token: 2e-6}}]"
    >>> CostMap.bundled().with_config(config).completion_cost(usage={"input": 1000}, model="fast")
    0.002

    Args:
        entries: model -> price keys (USD per unit), or the path of such a JSON file; the bundled map if None.

    Raises:
        PriceDataError: the entries are no mapping of mappings, or the file is no JSON.
    """

    @classmethod
    def bundled(cls) -> CostMap:
        """Return a new map with the newest prices that are installed: of the package, the data wheel or an update."""
        return cls()

    @staticmethod
    def update(source: str | None = None, *, check: bool = False, accept: bool | Collection[str] = False) -> Report:
        """Return what an update of the bundled prices does, and put it in use unless ``check``.

        It is used by maps that are made afterwards, in this process and in others. Never implicit: nothing is
        fetched but by this call.

        Args:
            source: an https address or a path, of a folder with ``map_info.json``, of a data wheel (``.whl``) or of
                one JSON map; the environment variable ``LLMCOST_UPDATE_FROM`` if it is not given.
            check: only say what it would do.
            accept: take what is held back, and the whole although it changes or deletes more than is usual; or the
                models of which what is held back is taken.

        Raises:
            UpdateError: it cannot be fetched, is damaged, is no price data, needs a newer llmcost, is older than
                the prices in use, or changes more than is usual. The last good prices stay in use.
        """
        from ..updates.update import update

        return update(source, check=check, accept=accept)

    @staticmethod
    def rollback() -> str:
        """Return the folder of the update that is in use again, or "" for the prices of the package.

        Raises UpdateError if no update is in use.
        """
        from ..updates.install import rollback

        return rollback()

    def with_config(self, config: str | os.PathLike[str] | Mapping[str, object]) -> CostMap:
        """Return a new map with the deployments of a LiteLLM-style configuration over this one's prices.

        Args:
            config: the path of a YAML file, its text, or the mapping that was read from it.

        Raises:
            ConfigError: every problem of the configuration (at most 1,000), each with its line and address.
        """
        from ..config import load

        return self.with_deployments(load(config, self))

    # ``calculate``, under the name that it has until the table of facts has described it (see below).
    def _price(
        self,
        response: object = None,
        usage: object = None,
        duration: object = None,
        *,
        model: str | None = None,
        at: object = None,
        **keywords: object,
    ) -> Cost:
        try:
            given, dialect = NOTHING, None
            # Where all counters stand; None if they stand in two places, or nowhere, or facts complete them.
            source = response if usage is None else usage if response is None else None
            if keywords or duration is not None:
                if duration is not None and not counts.is_stated(duration):
                    duration = None  # the empty cell of a table: as if no duration were stated
                given = given_facts(keywords, timed=duration is not None)
                dialect = given.dialect
                if given.completes:
                    source = None
            if source is None:
                stated, no_usage, asks = completing.completed_usage(response, usage, duration, given)
                return self._rated(stated, model, at, given, no_usage, asks)
            return self._rated(stated_usage(source, dialect), model, at, given)
        except LLMCostError:
            raise
        except Exception as error:
            # A foreign object in a response or an argument may raise anything: the error says where it stands.
            refusing.refuse(error, response=response, usage=usage, duration=duration, model=model, at=at, **keywords)
            raise

    def of_usage(
        self, usage: Usage, duration: object = None, *, model: str | None = None, at: object = None, **keywords: object
    ) -> Cost:
        """Return what a usage cost, as ``calculate`` does, but keep no copy: nobody may change the usage afterwards.

        >>> import llmcost
        >>> llmcost.CostMap({"m": {"input_cost_per_token": 2e-6}}).of_usage(llmcost.Usage(input=1000), model="m").total
        Decimal('0.002')
        """
        try:
            if duration is None and not keywords and type(self) is CostMap:
                return self._rated(usage, model, at, NOTHING)
            given = given_facts(keywords) if keywords else NOTHING
            if duration is not None or given.completes or type(self).calculate is not CostMap.calculate:
                return self.calculate(None, usage, duration, model=model, at=at, **keywords)  # type: ignore[arg-type]
            return self._rated(usage, model, at, given)
        except Exception as error:
            blaming.blame(error, CostMap.of_usage, (self, usage, duration), {"model": model, "at": at, **keywords})
            raise

    def _rated(
        self,
        usage: Usage,
        model: str | None,
        at: object,
        given: Given,
        no_usage: UsageError | None = None,
        asks: object = None,
    ) -> Cost:
        """Return the Cost of a usage: find its plan, bring the plan to the time of the price, and multiply.

        Every call goes this way, so that only what is rare is a function of its own. ``no_usage`` is raised unless
        what the caller gives can be billed in its place. ``asks`` decides the plan, where only the caller says it.
        """
        if at is not None and type(at) is not int and not counts.is_stated(at):
            at = None  # the empty cell of a table: as if no time were stated
        if model is not None and type(model) is not str:
            # A text of a foreign type may equal others: a plan is kept under the text itself.
            model = own_text(model)
        # Whether the counters are all that counts: nobody states a time, a part, a cost or the like beside them.
        only_counters = usage.more is NOTHING_MORE and (given is NOTHING or not given.completes)
        # The plan of such calls, and of calls whose caller alone states more than the counters.
        response_model, provider, state = usage.model, usage.provider, self._state
        try:
            plans = state.plans
            key: object = response_model
            if given is not NOTHING or provider is not None:
                plans = state.priced_plans if given.own else plans
                key = (model, response_model, provider, given.key) if asks is None else (model, asks)
            elif response_model is None:
                plans, key = state.named_plans, model
            elif model is not None:
                key = (model, response_model)
            plan = plans.get(key) if only_counters or asks is not None else self._plan(None, None, model, usage, given)
            if plan is None:
                plan = self._plan(plans, key, model, usage, given)
        except UnknownModelError:
            return careful.of_unknown(usage, given, model or response_model)
        except (TypeError, PriceDataError):
            if model is not None and not counts.is_stated(model):
                return self._rated(usage, None, at, given, no_usage, asks)  # the empty cell of a table names no model
            # The model is not text, such as a list: without a key, the plan raises an error that names it.
            plan = self._plan(None, None, model, usage, given)

        # Its prices at the time of the call.
        when = usage.at
        if at is not None:
            plan, basis, notes = plan.at(self, at, explicit=True)
        elif type(when) is int and plan.settled <= when and (when <= plan.last or plan.past(when)):
            # No price has changed since that day: the present plan holds.
            basis, notes = plan.basis, ()
        elif when is not None or clock() >= plan.fresh_until:
            usage, plan, basis, notes = at_its_time(self, usage, plan)
        else:
            basis, notes = "current", ()

        # Units times rates; with care where more than that is needed.
        if only_counters:
            tariff = None
            try:
                if usage.context < plan.below:  # type: ignore[operator]
                    tariff = plan.tariffs[usage.service_tier]
            except (KeyError, TypeError):
                pass  # the first call of its tier, or no context, or no word
            if tariff is None:
                tariff = plan.tariff(usage)
            if tariff is not None:
                cost = of_tariff(usage, tariff, model or response_model, basis, notes)
                if cost is not None:
                    return cost if given is NOTHING else cost.with_tiers(given.service_tier, given.served_tier)
        return careful.with_care(self, usage, plan, given, at, basis, notes, no_usage)

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
            fees: Mapping[str, Quantity] | None = None,
            image_model: str | None = None,
            embedding_model: str | None = None,
            transcription_model: str | None = None,
            call_type: str | None = None,
            cache_hit: bool = False,
            prefer: Literal["auto", "calculated", "reported"] = "auto",
            tags: Iterable[str] | None = None,
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
        calculate.__doc__ = docstring()

    def _plan(self, plans: Kept | None, key: object, model: str | None, usage: Usage, given: Given) -> Plan:
        """Return a plan that ``plans`` lack under ``key``, and keep it. Without ``plans`` all its facts are its key."""
        asked = asked_of(model, usage, given)
        if plans is None:
            plans = self._state.priced_plans if given.own else self._state.plans
            key = None if given.key is None else (asked.key, given.key)
            try:
                cached: Plan | None = plans.get(key)
            except TypeError:
                cached = key = None
            if cached is not None:
                return cached
        plan = plan_of(self, asked, usage, given)
        if key is not None and given.key is not None and plan.card.match_rule != IN_PARTS:
            plans.keep(key, plan, _MOST_PRICED if given.own else _MOST_PLANS)
        return plan
