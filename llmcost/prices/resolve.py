"""What is asked for -> which deployment, which rows and which layers; and how they were found."""

from __future__ import annotations

from ..core.counts import IMAGE_UNITS
from ..core.late import Late
from ..core.notes import Note
from ..errors import UnknownModelError
from . import layers as layering
from .asked import Asked, trail_of
from .batches import batch_entry
from .layers import Layer
from .names import ALIAS, Match, is_provider
from .sought import Sought
from .stack import Stack, compiler
from .vendors import IMAGE_MODES, ROUTER_FEES, family

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..core.rate import Rate
    from ..core.term import Fee, Term
    from . import answered, batch_rows, hints, listed, registered_notes
    from .deployment import Deployment
    from .deployments import Choice, Deployments
    from .entry import Entry
    from .layers import Finish
    from .registry import Registered, State
    from .rows import Source

else:
    # Most names have a row. Few maps have terms and fees of one's own, most callers register nothing, and few sellers
    # have rows for batches.
    answered, hints = Late("llmcost.prices.answered"), Late("llmcost.prices.hints")
    batch_rows = Late("llmcost.prices.batch_rows")
    listed = Late("llmcost.prices.listed")
    registered_notes = Late("llmcost.prices.registered_notes")


def _fallback_notes(asked: Asked, choice: Choice | None) -> list[Note]:
    """Return a note if the fallback of the deployment that was called answered."""
    if choice is None or choice.fallback is None:
        return []
    said = f"{asked.model!r} was called and its fallback {choice.fallback!r} answered, which is priced"
    return [Note("fallback_answered", said, choice.fallback)]


def _is_copy(registered: Registered) -> bool:
    """Return whether a router's row is registered as a map has it: it says who sells it, and prices the prompt."""
    return "litellm_provider" in registered.raw and registered.layer.entry.rates.get(("input", ())) is not None


class Resolver:
    """Finds the deployment, the rows and the layers for a question, in one view of a map.

    Attributes are those of the map: its rows, what is registered over them, and the deployments of a configuration.
    """

    __slots__ = ("_deployments", "_own", "_registered", "_source", "_state")

    def __init__(self, source: Source, state: State, deployments: Deployments | None = None) -> None:
        self._source, self._own, self._registered, self._state = source, state.source, state.registered, state
        self._deployments = deployments

    def names(self) -> Iterator[str]:
        """Yield every name, those of the map first."""
        names = self._source.index().names
        yield from names
        known = frozenset(names)
        yield from (name for name in self._own.index().names if name not in known)

    def stack(self, asked: Asked, *, priced: bool) -> Stack:
        """Return the layers of what is asked for; ``priced`` says that the call has prices of its own.

        Raises UnknownModelError if no layer knows the name, or several deployments price it differently.
        """
        return self.stack_of(asked, self._deployment(asked), priced=priced)

    def stack_of(self, asked: Asked, choice: Choice | None, *, priced: bool = False) -> Stack:
        """Return the layers of what is asked for, of the deployment that was chosen before, if any.

        Raises UnknownModelError if no layer knows the name.
        """
        deployment = next(iter(choice.deployments), None) if choice is not None else None
        base_model = asked.base_model or (deployment.base_model if deployment is not None else None)
        by_default = self._deployments.region(asked.seller) if self._deployments is not None else None
        region = asked.region or (deployment.region if deployment is not None else by_default)
        name = (deployment.backend if deployment is not None else None) or asked.model or asked.response_model
        if name is None:
            raise UnknownModelError("", why="neither the call nor the response names a model: pass model=")
        sought = Sought(asked, deployment, region, base_model)
        sought.match(self._source, self._own)
        row, matched, registered, fee = self._rows(asked, sought, base_model)
        # The layers, strongest first: the deployment's, what is registered, the map's.
        layers: list[Layer] = list(deployment.layers) if deployment is not None else []
        notes = _fallback_notes(asked, choice)
        provider = sought.owner(self._source, notes)
        if registered is not None:
            own = self._registered[registered.name]
            if not base_model:
                owner = self._owner(provider, name, matched)
                notes += registered_notes.notes_on(self._source, registered, matched, own, owner)
            layers.append(own.layer)

        finish: Finish | None = None
        if row is not None and matched is not None:
            matched, finish = self._of_the_map(asked, deployment, (row, matched, fee), region, layers, notes)
            notes += matched.notes
        elif (base_model and registered is None) or (not layers and not priced):
            return self._of_the_answer(choice, sought, name, provider)
        elif sought.several is not None:
            notes.append(Note("several_sellers", f"{sought.several.why}: own prices alone are used"))
        if registered is not None and fee is None:
            finish = self._by_own_size(registered.name, asked) or finish
        if sought.via is not None:
            notes += [note for note in sought.via.notes if note not in notes]
        if deployment is None and self._deployments is not None and len(self._deployments):
            said = f"no deployment of the configuration is named {name!r}: none of its prices is used"
            notes.append(Note("no_deployment", said, name))

        named = matched or registered or Match(name, "own_prices")
        by_base = base_model and matched is not None
        rule = "base_model" if by_base else ALIAS if sought.via is not None else named.rule
        how = choice.how if choice is not None else ""
        payee = self._payee(provider, name, matched, registered)
        terms, fees = self._terms(sought, name, named, payee, layers)
        compile_with = compiler(
            finish,
            tuple(notes),
            model=asked.model or name,
            name=named.name,
            match_rule=rule,
            provider=provider or (name.partition("/")[0] if "/" in name else None),
            region=region or named.region,
            requested_tier=deployment.service_tier if deployment is not None else None,
            trail=trail_of(
                asked, deployment, how, sought.tried, f"{named.name} (match rule: {rule})", self._deployments
            ),
        )
        return Stack(tuple(layers), compile_with, region or named.region, terms, fees)

    def _of_the_answer(self, choice: Choice | None, sought: Sought, name: str, provider: str | None) -> Stack:
        """Return the layers of the model that the response names, where nothing prices the one that was asked for.

        Raises UnknownModelError if that has no price either.
        """
        if sought.several is not None:
            raise sought.several
        missing, whose = (sought.base_model, None) if sought.base_model else (name, provider)
        if not sought.base_model:
            answer = answered.answered(self._source, sought.asked, choice, self.stack_of)
            if answer is not None:
                return answer
        raise hints.unknown_model(self._source, self._own, missing, whose, sought.tried, sought.deployment)

    def _payee(self, provider: str | None, name: str, matched: Match | None, registered: Match | None) -> str | None:
        """Return the provider by which terms are given; where the map knows none, the one of the registered row."""
        owner = self._owner(provider, name, matched)
        if owner is not None or registered is None:
            return owner
        stated = self._registered[registered.name].raw.get("litellm_provider")
        return str(stated) if stated else None

    def _terms(
        self, sought: Sought, name: str, named: Match, payee: str | None, layers: list[Layer]
    ) -> tuple[tuple[Term, ...], Mapping[str, Fee] | None]:
        """Return the commercial terms and the fees of one's own: of the configuration, and of rows with dates."""
        called, deployment = sought.asked.model, sought.deployment
        terms: tuple[Term, ...] = ()
        if self._deployments is not None:
            terms = self._deployments.terms(payee, deployment, called or "", named.name)
        has_contract = any(layer.contract is not None for layer in layers)
        if has_contract:
            terms = listed.with_rows(terms, layers, (called, name, named.name))
        fees = listed.fees_of(self._deployments, deployment, layers) if self._deployments or has_contract else None
        return terms, fees

    def _rows(
        self, asked: Asked, sought: Sought, base_model: str | None
    ) -> tuple[Layer | None, Match | None, Match | None, Rate | None]:
        """Return the layer of the map, the row that it is of, what is registered, and the fee of a router.

        The row of a router may hold a fee alone, which is on top of the model that it picked.
        """
        matched = sought.matched
        kind = layering.BASE_MODEL if base_model else layering.MAP
        layer = self._state.layer_of(self._source, matched.name, kind) if matched is not None else None
        fee = None
        if layer is not None and layer.entry.key in ROUTER_FEES:
            from . import routers

            fee = routers.fee_of(layer.entry)
        if fee is not None:
            # A price that is registered for the picked model does not replace the router's own row.
            sought.queries = [q for q in sought.queries if q.name != asked.response_model] or sought.queries
        if not self._registered:
            return layer, matched, None, fee
        seller = family(self._owner(None, matched.name, matched) or "") if matched is not None else ""
        registered = sought.registered(self._registered, self._own, seller)
        copied = self._registered[registered.name] if registered is not None and not base_model else None
        if copied is not None and copied.layer.entry.key in ROUTER_FEES and _is_copy(copied):
            from . import routers

            # A router's row of a map, registered unchanged: it is the same fee, or the same price, as in the map.
            fee = routers.fee_of(copied.layer.entry)
            if fee is not None:
                return copied.layer, matched or registered, None, fee
        return layer, matched, registered, fee

    def _of_the_map(
        self,
        asked: Asked,
        deployment: Deployment | None,
        row: tuple[Layer, Match, Rate | None],
        region: str | None,
        layers: list[Layer],
        notes: list[Note],
    ) -> tuple[Match, Finish | None]:
        """Add the layers of a row of the map, and the notes on it; return the row and the last step of its card.

        A router's fee is on top of the row of the model that it picked, which is the row then.
        """
        layer, matched, fee = row
        entry = layer.entry
        if fee is None:
            layers.append(layer)
            if asked.model is not None and asked.response_model is not None:
                from .answered import other_model

                notes += other_model(self._source, asked, deployment, matched)
            by_size = self._by_size(entry, asked, notes)
            sold = batch_entry(self._source, entry) if by_size is None else None
            return matched, batch_rows.BatchRow(sold) if sold is not None else by_size
        from . import routers

        rows = self._source, self._own, self._registered
        picked = routers.picked(*rows, asked.response_model, region, entry.key)
        if picked is None:
            layers.append(Layer(entry))
            return matched, routers.FeeAlone(entry.key, asked.response_model)
        matched, below = picked
        layers += below
        said = f"{entry.key} picked {matched.name}: its fee is on every token of the prompt"
        notes.append(Note("router_picked", said, matched.name))
        return matched, routers.FeeOnTop(fee, below)

    def _owner(self, provider: str | None, name: str, matched: Match | None) -> str | None:
        """Return the provider by which discounts and margins are given: the named one, the prefix, the row's."""
        if provider is not None:
            return provider
        prefix, slash, _ = name.partition("/")
        if slash and is_provider(self._source, prefix):
            return prefix
        entry = (self._source.get(matched.name) if matched is not None else None) or {}
        return str(entry["litellm_provider"]) if "litellm_provider" in entry else None

    def _by_size(self, entry: Entry, asked: Asked, notes: list[Note]) -> Finish | None:
        """Return what rows by size and quality mean for the plain row of an image model; None for all others."""
        mode = entry.info.get("mode")
        if mode not in IMAGE_MODES and (mode is not None or not any(meter in IMAGE_UNITS for meter, _ in entry.rates)):
            return None
        from . import images

        return images.by_size(self._source, entry, asked.size, asked.quality, notes)

    def _by_own_size(self, name: str, asked: Asked) -> Finish | None:
        """Return what registered rows by size and quality mean for the registered plain row of an image model."""
        if self._registered[name].layer.entry.info.get("mode") not in IMAGE_MODES:
            return None
        from . import images

        return images.by_own_size(self._own, name, asked.size, asked.quality)

    def configures(self, deployment: str) -> bool:
        """Return whether the configuration has a deployment of this id, address, backend or alias."""
        return self._deployments is not None and bool(self._deployments.by_deployment(deployment, None).deployments)

    def _deployment(self, asked: Asked) -> Choice | None:
        """Return the configured deployment that is asked for, if any, and how it was found."""
        for name in (asked.deployment, asked.model_id):
            own = self._registered.get(name) if name is not None else None
            if name is not None and own is not None and own.layer.sells and not self.configures(name):
                backend = asked.model or asked.response_model or name
                from .deployment import Deployment
                from .deployments import Choice

                return Choice(
                    f"registered under its id {name!r}", [Deployment("", backend, id=name, layers=(own.layer,))]
                )
        if self._deployments is None:
            if asked.deployment is not None:
                raise UnknownModelError(asked.deployment, why=f"no configuration has a deployment {asked.deployment!r}")
            return None
        from .choice import choose
        from .deployments import Choice

        return choose(self._source, self._deployments, asked, lambda one, d: self.stack_of(one, Choice("", [d])).card())
