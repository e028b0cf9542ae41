"""What the default map takes off and adds by provider: LiteLLM's ``cost_discount_config`` and ``cost_margin_config``.

They are assigned to the package, ``llmcost.cost_discount_config = {"openai": 0.1}``, or changed in place, and hold from
the next call on. A map of one's own has them from its configuration.
https://docs.litellm.ai/docs/proxy/provider_discounts, https://docs.litellm.ai/docs/proxy/provider_margins
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping

from ..errors import PriceDataError, shown
from .default import DEFAULT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_current: dict[str, dict[str, object]] = {"cost_discount_config": {}, "cost_margin_config": {}}


class Shares(MutableMapping[str, object]):
    """The shares of one setting by provider; a change is checked, and holds from the next call on."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getitem__(self, provider: str) -> object:
        return _current[self._name][provider]

    def __setitem__(self, provider: str, share: object) -> None:
        set_setting(self._name, {**_current[self._name], provider: share})

    def __delitem__(self, provider: str) -> None:
        set_setting(self._name, {name: share for name, share in _current[self._name].items() if name != provider})

    def __iter__(self) -> Iterator[str]:
        return iter(_current[self._name])

    def __len__(self) -> int:
        return len(_current[self._name])

    def __repr__(self) -> str:
        return repr(_current[self._name])


def setting(name: str) -> Shares:
    """Return the shares that are in force, by provider."""
    return Shares(name)


def set_setting(name: str, value: object) -> None:
    """Put shares in force, in place of those of this setting; None takes them out.

    Raises:
        PriceDataError: it is no mapping.
        ConfigError: a share is not valid: a discount is between 0 and 1, a margin is a share or a fixed amount.
    """
    if value is not None and not isinstance(value, Mapping):
        raise PriceDataError(
            f"{name}={shown(value)}: it is a mapping of providers to shares, such as {{'openai': 0.1}}"
        )
    settings = {**_current, name: dict(value or {})}
    in_use = {key: shares for key, shares in settings.items() if shares}
    deployments = DEFAULT.with_config({"litellm_settings": in_use}).deployments if in_use else None
    DEFAULT.use_deployments(deployments)
    _current.update(settings)
