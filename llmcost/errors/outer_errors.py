"""Errors of what stands around a call: configurations, logs, bills, extras, the spend log and updates."""

from __future__ import annotations

from .base import LLMCostError
from .printing import message, several, shown, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class ConfigError(LLMCostError, ValueError):
    """A configuration has problems; all of them are in this one error.

    Attributes:
        problems: one text per problem, each with its line and its address.
        path: the file, or None.
        line: the line of the first problem, or None.
        address: the address of the first problem, such as ``model_list[2].model_info``.

    >>> import llmcost
    >>> deployment = {"model_name": "fast", "litellm_params": {"model": "gpt-4o", "input_cost_per_tokn": 2e-6}}
    >>> try:
    ...     llmcost.CostMap.bundled().with_config({"model_list": [deployment]})
    ... except llmcost.ConfigError as error:
    ...     error.address, len(error.problems), error.path, error.line
    ('model_list[0].litellm_params.input_cost_per_tokn', 1, None, None)
    """

    def __init__(
        self, problems: Sequence[str], path: str | None = None, line: int | None = None, address: str | None = None
    ) -> None:
        super().__init__(problems, path, line, address)
        self.problems, self.path, self.line, self.address = several(problems), path, line, address

    def __str__(self) -> str:
        return "\n".join(map(told, several(self.problems)))


class PlacedError(LLMCostError, ValueError):
    """A place of a file cannot be read.

    Attributes:
        reason: why, and what to do.
        source: the file, as it was named.
        line: the line, from 1; None if it is the file itself that cannot be read.
    """

    def __init__(self, reason: str, source: str, line: int | None = None) -> None:
        # A path may be a text of a foreign type.
        source = str.__str__(source) if issubclass(type(source), str) else shown(source)
        super().__init__(reason, source, line)
        self.reason, self.source, self.line = reason, source, line

    @property
    def place(self) -> str:
        """``file:line``, or the file."""
        return self.source if self.line is None else f"{self.source}:{shown(self.line)}"

    def __str__(self) -> str:
        return f"{told(self.place)}: {message(self.reason)}"


class LogError(PlacedError):
    """A place of a log holds no call that can be read.

    Attributes:
        reason: why.
        source: the file, as it was named.
        line: the line, from 1; None if it is the file itself that cannot be read.

    >>> import llmcost
    >>> try:
    ...     list(llmcost.read_log(["no JSON"]))
    ... except llmcost.LogError as error:
    ...     error.place, error.source, error.line, error.reason.partition(",")[0]
    ('log:1', 'log', 1, 'expected a JSON object or array')
    """


class BillError(PlacedError):
    """A provider's bill cannot be read.

    >>> error = BillError("the row is torn: it has 4 of 8 columns", "cur.csv", 3)
    >>> error.place, str(error)
    ('cur.csv:3', 'cur.csv:3: the row is torn: it has 4 of 8 columns')

    Attributes:
        reason: why, and what to do.
        source: the file, as it was named.
        line: the line, from 1; None if it is the file itself that cannot be read.
    """


class MissingDependencyError(LLMCostError, ImportError):
    """An optional package is not installed.

    Attributes:
        extra: the extra of the distribution ``llm-costmap`` that brings it.

    >>> MissingDependencyError("polars is not installed", "frames").extra
    'frames'
    """

    def __init__(self, message: str, extra: str) -> None:
        super().__init__(message, extra)
        self.extra = extra


def how_to_install(extra: str, *packages: str) -> str:
    """Return the line that installs the packages of an extra, wherever llmcost itself came from, and the extra's name.

    >>> how_to_install("cli", "click", "rich")
    'pip install click rich (the extra cli of llm-costmap)'
    """
    return f"pip install {' '.join(packages)} (the extra {extra} of llm-costmap)"


class SpendLogError(LLMCostError, RuntimeError):
    """A call cannot be kept in the spend log, or the log cannot be read.

    >>> issubclass(SpendLogError, RuntimeError)
    True
    """


class UpdateError(LLMCostError):
    """A price update was refused or failed; the last good prices stay in use.

    >>> import llmcost
    >>> try:
    ...     llmcost.CostMap.update("/no/such/folder")
    ... except llmcost.UpdateError as error:
    ...     str(error)
    '/no/such/folder/map_info.json cannot be read: No such file or directory'
    """
