"""From the documents of a configuration to its deployments; everything that is wrong is collected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import PriceDataError, UnknownModelError, did_you_mean
from ..prices.deployment import Deployment
from ..prices.deployments import GLOBAL, Deployments
from ..prices.entries import BLOCK, compile_entry
from ..prices.layers import LITELLM_PARAMS, MODEL_INFO, Layer
from ..prices.vendors import family
from . import models, terms
from .blocks import check_currency, facts_of, read_block
from .by_request import deployments_by_request
from .contract import contract_of
from .environment import Environment, Unset, is_reference
from .listed_terms import ListedTerms
from .misplaced import COST_SETTINGS, check_misplaced, check_misspelt, check_repeated, check_replaced
from .regions import Places, pass_through_regions
from .routing import aliases, fallbacks, priced_under
from .service_tier import requested_tier
from .settings import UNUSED, is_own_logger
from .structure import checked, texts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..core.term import Term
    from ..prices.price_map import PriceMap
    from .document import Node, Place
    from .problems import Problems
    from .sources import Document


# More than any proxy has, so that a file of short entries is read soon.
_MOST_DEPLOYMENTS = 40_000
_NO_INFO, _NO_OPTIONS = models.ModelInfo(), models.Options()


class Builder:
    """Builds the deployments of one configuration."""

    def __init__(self, documents: list[Document], base_map: PriceMap, problems: Problems) -> None:
        self._documents, self._base_map, self._problems = documents, base_map, problems
        self._environment = Environment(self._last("environment_variables"))
        settings, declared = self._last("litellm_settings"), self._last("environment_variables")
        self._places = Places(self._last("credential_list"), settings, declared, self._text)
        self._listed_terms = ListedTerms(self._environment, problems, base_map)
        self._ids: dict[str, Place] = {}
        self._base_models: dict[str, str | None] = {}
        self._providers: set[str] = set()
        self._models: set[str] = set()
        self._count = 0

    def build(self) -> Deployments:
        """Return all deployments; they are incomplete if there are errors."""
        found = []
        for document in self._documents:
            check_repeated(document.root, self._problems)
            check_misspelt(document.root, self._problems)
            check_misplaced(document.root, self._problems)
            listed = document.root.get("model_list")
            if listed is None or listed.value is None:
                continue
            if not isinstance(listed.value, list):
                self._problems.error(listed, "model_list", "a list of deployments is expected")
                continue
            self._count += len(listed.elements)
            if self._count > _MOST_DEPLOYMENTS:
                self._problems.error(listed, "model_list", f"no more than {_MOST_DEPLOYMENTS:,} deployments are read")
                continue
            inside = "" if document is self._documents[0] else f"{document.name}: "
            for index, node in enumerate(listed.elements):
                deployment = self._deployment(node, f"model_list[{index}]", inside)
                if deployment is not None:
                    found.append(deployment)
        check_replaced([document.root for document in self._documents], self._problems)
        found += deployments_by_request(self._last, self._environment, self._problems)
        discounts, margins = self._provider_terms()
        router, litellm_settings = self._last("router_settings"), self._last("litellm_settings")
        return Deployments(
            found,
            aliases(router, self._problems),
            discounts,
            margins,
            fallbacks({"router_settings": router, "litellm_settings": litellm_settings}, self._problems),
            self._listed_terms.for_all(self._last(BLOCK), found),
            self._listed_terms.fees_for_all(self._last(BLOCK), found),
            pass_through_regions(self._last("default_vertex_config"), self._text),
        )

    def _last(self, key: str) -> Node | None:
        """Return a block of the top level; that of an included file replaces the main file's, as in LiteLLM."""
        nodes = [node for document in self._documents if (node := document.root.get(key)) and node.value is not None]
        return nodes[-1] if nodes else None

    def _deployment(self, node: Node, address: str, inside: str) -> Deployment | None:
        params, info = node.get("litellm_params"), node.get("model_info")
        if params is not None and params.value is None:
            self._problems.error(params, f"{address}.litellm_params", "is empty; are its keys indented below it?")
        alias = _name(node.get("model_name")) or address
        layers = self._layers(params, info, address, alias)
        base_model = self._base_model(params, info, address)
        own, where = info.get(BLOCK) if info is not None else None, f"{address}.model_info.{BLOCK}"
        listed = checked(models.Listed, self._given(node, own, where), node, address, self._problems)
        if listed is None:
            return None
        called = listed.litellm_params or models.Params(model=listed.model_name)
        model_info = listed.model_info or _NO_INFO
        options = model_info.llmcost or _NO_OPTIONS
        if own is not None:
            self._check_options(options, own, layers, where)
        if layers:
            # ``replace`` drops what lies below all of the deployment's own layers.
            layers[-1].replace = options.replace
            for layer in layers:
                layer.scale_rest = options.scale_rest
        self._check_id(model_info.id, info, address)
        self._models.add(listed.model_name)
        self._providers.add(seller := called.custom_llm_provider or called.model.partition("/")[0])
        backend, matched = self._model(called.model)
        backend = priced_under(backend, model_info.pricing_provider, seller)
        deployment = Deployment(
            listed.model_name,
            backend,
            matched=matched,
            id=model_info.id,
            base_model=base_model,
            provider=model_info.pricing_provider or called.custom_llm_provider,
            region=self._places.of(called),
            service_tier=requested_tier(params, address, self._text, self._problems),
            layers=tuple(layers),
            terms=terms.of_options(options, alias) + self._listed_terms.terms(own, where, MODEL_INFO),
            fees=self._listed_terms.fees(own, where, MODEL_INFO, alias),
            address=f"{inside}{address}",
            place=str(node.place),
        )
        if options.scale_rest and own is not None:
            self._check_scaling(deployment, own, f"{where}.scale_rest")
        return deployment

    def _given(self, node: Node, own: Node | None, where: str) -> object:
        if not isinstance(node.value, dict):
            return None
        given = {key: texts(inner) for key in models.Listed.model_fields if (inner := node.get(key)) is not None}
        block = given.get("model_info")
        if own is not None and isinstance(block, dict):
            block[BLOCK] = self._resolved(own, where, models.CONTRACT)
        return given

    def _layers(self, params: Node | None, info: Node | None, address: str, alias: str) -> list[Layer]:
        """Return the layers of a deployment's own prices, the strongest first."""
        misplaced = params.get(BLOCK) if params is not None else None
        if misplaced is not None:
            where = f"{address}.litellm_params.{BLOCK}"
            self._problems.error(misplaced, where, "belongs in model_info; LiteLLM would send it to the provider")
        facts = {**facts_of(params), **facts_of(info)}
        layers = []
        for block, key, layer in (
            (params, "litellm_params", LITELLM_PARAMS),
            (info, "model_info", MODEL_INFO),
        ):
            if block is not None:
                where = f"{address}.{key}"
                entry = read_block(block, where, layer, alias, facts, self._environment, self._problems)
                contract = None
                options = block.get(BLOCK) if block is info else None
                if options is not None:
                    flat = entry or compile_entry(facts, layer, alias)
                    contract = contract_of(options, where, flat, facts, self._environment, self._problems)
                    entry = flat if contract is not None else entry
                layers += [Layer(entry, contract=contract)] if entry is not None else []
        return layers

    def _check_options(self, options: models.Options, own: Node, layers: list[Layer], where: str) -> None:
        if (options.replace or options.scale_rest) and not layers:
            self._problems.error(own, where, "the deployment sets no price that could replace or scale others")
        if options.multiplier is not None and (options.discount is not None or options.margin is not None):
            node = own.get("multiplier") or own
            self._problems.error(node, f"{where}.multiplier", "give a multiplier, or a discount and a margin")
        currency = own.get("currency")
        if currency is not None:
            check_currency(currency, f"{where}.currency", self._problems)

    def _check_scaling(self, deployment: Deployment, own: Node, where: str) -> None:
        """Report a rate that cannot be scaled when the configuration is read, before a call is billed by it."""
        try:
            card = self._base_map.card_of(deployment)
            for span in range(len(card.moments) + 1):
                self._base_map.card_of(deployment, span)
        except PriceDataError as problem:
            self._problems.error(own, where, str(problem))
        except UnknownModelError:
            pass  # reported where its name stands, or when it is called

    def _check_id(self, name: str | None, info: Node | None, address: str) -> None:
        if name is None or info is None:
            return
        node = info.get("id") or info
        if name in self._ids:
            why = f"another deployment has this id ({self._ids[name]}); an id is unique"
            self._problems.error(node, f"{address}.model_info.id", why, show=True)
        else:
            self._ids[name] = node.place

    def _base_model(self, params: Node | None, info: Node | None, address: str) -> str | None:
        for block, key in ((info, "model_info"), (params, "litellm_params")):
            node = block.get("base_model") if block is not None else None
            name = _name(node)
            if node is None or not name:
                continue
            name = self._text(name)
            if name not in self._base_models:
                self._base_models[name] = self._why_unknown(name)
            why = self._base_models[name]
            if why is not None:
                self._problems.error(node, f"{address}.{key}.base_model", why, show=True)
            return name
        return None

    def _why_unknown(self, name: str) -> str | None:
        """Return why a base_model cannot be priced, or None if it can."""
        try:
            self._base_map.rate_card(name)
        except UnknownModelError as problem:
            nearest = problem.nearest[:3] if self._problems.hints else ()
            near = f" Nearest: {', '.join(nearest)}." if nearest else ""
            return problem.why or f"the price map has no such model.{near}"
        return None

    def _model(self, text: str) -> tuple[str, str]:
        """Return the backend as it is shown, and as it is matched.

        What a variable stands for is shown only if it is a model with a price: it may hold a secret.
        """
        name = self._text(text)
        return text if name != text and self._why_unknown(name) is not None else name, name

    def _text(self, text: str) -> str:
        """Return a name, looked up if it is a reference; the reference itself if its variable is not set."""
        return (self._environment.get(text.partition("/")[2]) or text) if is_reference(text) else text

    def _provider_terms(self) -> tuple[dict[str, tuple[Term, ...]], dict[str, tuple[Term, ...]]]:
        node = self._last("litellm_settings")
        if node is None:
            return {}, {}
        for key, instead in UNUSED.items():
            if (unused := node.get(key)) is not None and not is_own_logger(unused):
                self._problems.not_applied(unused, f"litellm_settings.{key}", instead)
        given = {
            key: self._resolved(inner, f"litellm_settings.{key}")
            for key in COST_SETTINGS
            if (inner := node.get(key)) is not None
        }
        settings = checked(models.Settings, given, node, "litellm_settings", self._problems)
        for key in COST_SETTINGS:
            for name, inner in (node.fields[key].fields if key in node.fields else {}).items():
                of = name.partition("/")[0] if key == "cost_discount_config" else name
                why = self._no_provider(of) if (key, name) != ("cost_margin_config", GLOBAL) else None
                if why is not None:
                    self._problems.doubt(inner, f"litellm_settings.{key}.{name}", why)
        return terms.of_settings(settings) if settings is not None else ({}, {})

    def _no_provider(self, name: str) -> str | None:
        """Return why a name is most likely a misspelt provider; None if it is known, or like no known one."""
        known = self._base_map.source.index().providers | self._providers
        if family(name) in known:
            return None
        if name == GLOBAL:
            return "never applies: only a margin may be global; name the providers"
        if "/" in name:
            return "never applies: a margin is by provider; only a discount may be for models"
        if name in self._models or self._base_map.source.get(name) is not None:
            return f"never applies: it is by provider, and this is a model; a discount may be for PROVIDER/{name}"
        near = did_you_mean(name, known, 0.8)
        return f"never applies: no provider is called so.{near}" if near else None

    def _resolved(self, node: Node, address: str, but: Iterable[str] = ()) -> object:
        """Return the value of a node with references looked up; an unset variable is reported and left out.

        Fields of the names ``but`` are left out.
        """
        if not node.fields:
            return node.data()
        found = {}
        for key, inner in node.fields.items():
            if key in but:
                continue
            try:
                found[key] = self._environment.value(inner)
            except Unset as missing:
                self._problems.error(inner, f"{address}.{key}", f"the variable {missing.name} is not set", show=True)
        return found


def _name(node: Node | None) -> str | None:
    return node.text if node is not None and node.value is not None else None
