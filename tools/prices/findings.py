"""What a rule found, the rules' common words, and the findings that are allowed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from .decisions import Decision
from .toml import read_toml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

CHAT = frozenset({"chat", "completion", "responses"})
INPUT, OUTPUT = "input_cost_per_token", "output_cost_per_token"
READ, WRITE, WRITE_1H = (
    "cache_read_input_token_cost",
    "cache_creation_input_token_cost",
    "cache_creation_input_token_cost_above_1hr",
)


@dataclass(frozen=True)
class Finding:
    """One entry that breaks one rule."""

    code: str
    model_id: str
    detail: str

    def __str__(self) -> str:
        return f"{self.code} {self.model_id}: {self.detail}"


# An allowance is read again once a year at the latest.
LONGEST = timedelta(days=366)


def read_allowed(path: Path, today: str) -> tuple[dict[tuple[str, str], str], list[Decision]]:
    """Return the reason per allowed (code, id), and the rules whose end has passed or is not stated."""
    day, outdated = date.fromisoformat(today), []
    rules = read_toml(path).get("allow", [])
    for rule in rules:
        name, end = f"{rule['code']} {', '.join(rule['ids'])}", rule.get("expires", "")
        if not end:
            outdated.append(Decision(name, f"{path.name}: the rule states no day on which it expires"))
        elif date.fromisoformat(end) < day:
            outdated.append(Decision(name, f"{path.name}: the rule expired on {end}: {rule['why']}"))
        elif date.fromisoformat(end) - day > LONGEST:
            outdated.append(Decision(name, f"{path.name}: {end} is more than {LONGEST.days} days away"))
    return {(rule["code"], model_id): rule["why"] for rule in rules for model_id in rule["ids"]}, outdated


def not_allowed(findings: Iterable[Finding], allowed: Mapping[tuple[str, str], str]) -> tuple[list[Finding], list[str]]:
    """Return the errors that no allowance covers, and the allowances that no finding needs."""
    errors = [finding for finding in findings if finding.code.startswith("E")]
    hit = {(finding.code, finding.model_id) for finding in errors}
    unused = [f"{code} {model_id}" for code, model_id in allowed if (code, model_id) not in hit]
    return [finding for finding in errors if (finding.code, finding.model_id) not in allowed], sorted(unused)
