"""What a record states of its call's usage: read once, and put at the record's own time."""

from __future__ import annotations

from types import MappingProxyType

from ..api.completing import stated_beside
from ..core.late import Late
from ..core.usage import Usage
from ..errors import MissingUsageError, UnrecognizedResponseError, UsageError
from ..readers import stated_usage
from .keywords import QUANTITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ..core import refusing
else:
    # It loads when reading has failed.
    refusing = Late("llmcost.core.refusing")

_NOTHING: Mapping[str, Any] = MappingProxyType({})


class LoggedUsage:
    """The usage of a record, from its response, its counters, and the facts beside them."""

    response: object
    usage: object
    facts: Mapping[str, Any] = _NOTHING
    time: object = None
    seconds: int | None = None
    overrides: bool = False
    # Whether its keys tell that it is a response of a file and its time, and nothing else that is priced.
    bare: bool = False
    # Whether the response is from elsewhere than a file, and may carry more than its counters.
    foreign: bool = False
    _known: Usage | None = None
    _dated: Usage | None = None

    def stated(self) -> Usage | None:
        """Return the usage with the time of the call; None if only the record's own quantities can be billed.

        Raises:
            UsageError: the response has no usage, contradicts itself, or is not recognised.
        """
        return self._timed(self.time)

    def dated(self) -> Usage | None:
        """Return the usage as ``stated`` does, with the record's time in whole seconds, which is faster to price by."""
        if self._dated is None:
            anew = self._known is None and (self.bare or self._plain)
            self._dated = self._anew() if anew else self._timed(self.time if self.seconds is None else self.seconds)
        return self._dated

    @property
    def _plain(self) -> bool:
        """Whether it is a response of a file, its time, and what is the log's own, as most records are."""
        return self.usage is None and not (self.facts or self.foreign)

    def _anew(self, dialect: str | None = None) -> Usage:
        """Return the usage of the response as it is read now, with the record's time; nobody else has it."""
        try:
            usage = stated_usage(self.response, dialect)
        except Exception as error:
            refusing.refuse(error, response=self.response)
            raise
        if self.time is not None and (usage.at is None or self.overrides):
            usage.at = self.time if self.seconds is None else self.seconds
        return usage

    def _timed(self, time: object) -> Usage | None:
        try:
            usage = self._usage(self.facts.get("dialect"))
        except (UnrecognizedResponseError, MissingUsageError):
            if QUANTITIES.isdisjoint(self.facts):
                raise
            return None
        if time is not None and (self.overrides or usage.at is None):
            return usage.replaced(at=time)
        return usage

    def _usage(self, dialect: str | None) -> Usage:
        """Return the usage as it was stated; read once."""
        usual = dialect == self.facts.get("dialect")
        if usual and self._known is not None:
            return self._known
        usage = self.usage
        try:
            if not isinstance(usage, Usage):
                usage = stated_usage(self.response if usage is None else usage, dialect)
            if self.usage is not None and self.response is not None and usage.model is None:
                usage = usage.replaced(**stated_beside(self.response))
        except Exception as error:
            refusing.refuse(error, usage=self.usage, response=self.response, dialect=dialect)
            raise
        if usual:
            self._known = usage
        return usage

    def given(self, dialect: str | None = None) -> tuple[object, object]:
        """Return the response and the usage for ``calculate``: the usage that was read, or both as they were logged.

        A response from elsewhere than a file goes along, since it may carry more than its counters.
        """
        try:
            return self.response if self.foreign else None, self._usage(dialect or self.facts.get("dialect"))
        except UsageError:
            return self.response, self.usage
        except Exception as error:
            refusing.refuse(error, dialect=dialect)
            raise
