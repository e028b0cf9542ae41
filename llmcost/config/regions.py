"""Where a deployment runs: the keys that say so, else the host that it is called at."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..prices.hosts import host
from .environment import is_reference

if TYPE_CHECKING:
    from collections.abc import Callable

    from .document import Node
    from .models import Params

# Keys of LiteLLM that say where a deployment runs, the strongest first.
_KEYS = ("region_name", "aws_region_name", "vertex_location", "vertex_ai_location")
_ADDRESSES = ("api_base", "base_url")
# eu, us-east-1, europe-west12, eastus2, northamerica-northeast1-b
_REGION = re.compile(r"[a-z]{1,20}(-[a-z]{1,20}){0,3}(-?[0-9]{1,2})?(-?[a-z])?")


def credentials(listed: Node | None) -> dict[str, Node]:
    """Return the values of each credential of ``credential_list`` by its name."""
    found = {}
    for node in listed.elements if listed is not None else ():
        name, values = node.get("credential_name"), node.get("credential_values")
        if name is not None and name.text is not None and values is not None:
            found[name.text] = values
    return found


def region_of(params: Params, credential: Node | None, text_of: Callable[[str], str]) -> str | None:
    """Return the region of a deployment, or None; ``text_of`` gives what a text with variables stands for.

    The values of the ``credential`` that it names take the place of its own, and only those that name a place are
    read. https://docs.litellm.ai/docs/proxy/ui_credentials
    """
    if credential is not None:
        there = {key: node.text for key in (*_KEYS, *_ADDRESSES) if (node := credential.get(key)) and node.text}
        params = params.model_copy(update=there)
    stated = next((text for key in _KEYS if (text := getattr(params, key))), None)
    found = text_of(stated) if stated else None
    if found is None:
        return _of_host(params, text_of)
    # A variable may hold a secret: what is not written as a region names none, and is not shown.
    return None if is_reference(found) or (found != stated and not _is_region(found)) else found


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
