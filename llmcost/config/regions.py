"""Where a deployment runs: the keys that say so, else the host that it is called at."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..prices.hosts import host
from ..prices.vendors import family
from .environment import is_reference
from .models import Params

if TYPE_CHECKING:
    from collections.abc import Callable

    from .document import Node

# Keys of LiteLLM that say where a deployment runs, the strongest first.
_KEYS = ("region_name", "aws_region_name", "vertex_location", "vertex_ai_location")
_ADDRESSES = ("api_base", "base_url")
VERTEX = "vertex_ai"
# Seller -> the key of litellm_settings and the variables by which LiteLLM says where all its models run.
# https://docs.litellm.ai/docs/providers/vertex and https://docs.litellm.ai/docs/providers/bedrock
_DEFAULTS = {
    VERTEX: ("vertex_location", ("VERTEXAI_LOCATION", "VERTEX_LOCATION")),
    "bedrock": ("", ("AWS_REGION_NAME", "AWS_REGION")),
}
# eu, us-east-1, europe-west12, eastus2, northamerica-northeast1-b
_REGION = re.compile(r"[a-z]{1,20}(-[a-z]{1,20}){0,3}(-?[0-9]{1,2})?(-?[a-z])?")


class Places:
    """Where the deployments of a configuration run.

    Args:
        listed: ``credential_list``, whose values take the place of a deployment's own.
        settings: ``litellm_settings``, which may say where models of Vertex run.
        declared: ``environment_variables``, which LiteLLM looks at after that.
        text_of: gives what a text with variables stands for.
    """

    def __init__(
        self, listed: Node | None, settings: Node | None, declared: Node | None, text_of: Callable[[str], str]
    ) -> None:
        self._credentials = _credentials(listed)
        self._text_of = text_of
        self._defaults: dict[str, str] = {}
        for seller, (setting, variables) in _DEFAULTS.items():
            stated = [_written(settings, setting), *(_written(declared, name) for name in variables)]
            place = self._written(next((text for text in stated if text), None))
            if place is not None:
                self._defaults[seller] = place

    def of(self, params: Params) -> str | None:
        """Return the region of a deployment, or None.

        The values of the credential that it names take the place of its own, and only those that name a place are
        read. https://docs.litellm.ai/docs/proxy/ui_credentials
        """
        credential = self._credentials.get(params.litellm_credential_name or "")
        if credential is not None:
            there = {key: text for key in (*_KEYS, *_ADDRESSES) if (text := _written(credential, key))}
            params = params.model_copy(update=there)
        stated = next((text for key in _KEYS if (text := getattr(params, key))), None)
        if stated:
            return self._written(stated)
        seller = params.custom_llm_provider or params.model.partition("/")[0]
        return _of_host(params, self._text_of) or self._defaults.get(family(seller))

    def _written(self, stated: str | None) -> str | None:
        found = self._text_of(stated) if stated else None
        # A variable may hold a secret: what is not written as a region names none, and is not shown.
        secret = found is None or is_reference(found) or (found != stated and not _is_region(found))
        return None if secret else found


def pass_through_regions(vertex: Node | None, text_of: Callable[[str], str]) -> dict[str, str]:
    """Return by seller where calls run if no deployment takes them; ``default_vertex_config`` says it of Vertex.

    https://docs.litellm.ai/docs/pass_through/vertex_ai
    """
    place = Places(None, vertex, None, text_of).of(_OF_VERTEX)
    return {VERTEX: place} if place is not None else {}


def _credentials(listed: Node | None) -> dict[str, Node]:
    """Return the values of each credential of ``credential_list`` by its name."""
    found = {}
    for node in listed.elements if listed is not None else ():
        name, values = node.get("credential_name"), node.get("credential_values")
        if name is not None and name.text is not None and values is not None:
            found[name.text] = values
    return found


def _written(block: Node | None, key: str) -> str | None:
    node = block.get(key) if block is not None and key else None
    return node.text if node is not None and node.value is not None and node.text else None


_OF_VERTEX = Params(model=VERTEX)


def _of_host(params: Params, text_of: Callable[[str], str]) -> str | None:
    """Return the region that the host of the model's own seller names, such as ``eu.api.openai.com``."""
    address = next((text for key in _ADDRESSES if (text := getattr(params, key))), None)
    if not isinstance(address, str):
        return None
    try:
        name = urlsplit(text_of(address)).hostname
    except ValueError:
        return None
    there = host(name) if name else None
    if there is None or there.region is None:
        return None
    seller, slash, _ = params.model.partition("/")
    named = params.custom_llm_provider or (seller if slash else "openai")
    return there.region if named == there.provider else None


def _is_region(text: str) -> bool:
    """Return whether a text is written as the name of a region is.

    >>> _is_region("us-east-1"), _is_region("eastus2"), _is_region("sk-proj-4711")
    (True, True, False)
    """
    return _REGION.fullmatch(text) is not None
