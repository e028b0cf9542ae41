"""What an answer is worth: right, right but for float dust, wrong, refused, or not to be asked."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .adapters import CannotError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .adapters import Adapter

RIGHT, DUST, WRONG, REFUSED, CANNOT = "right", "dust", "wrong", "refused", "cannot"
# How far a float may be off from adding and multiplying floats, as a share of the amount.
_DUST = Decimal("1e-12")
# Units that a second reading by the pages does not count: fees and times of tools.
NOT_COUNTED = frozenset(
    {
        *(
            "code_executions",
            "code_sessions",
            "compute_seconds",
            "file_searches",
            "grounded_prompts",
            "guardrail_units",
        ),
        *("input_audio_seconds", "preview_searches", "x_searches"),
    }
)


class Verdict:
    """What became of one case, and why."""

    def __init__(self, case: dict[str, Any], word: str, why: str = "") -> None:
        self.case, self.word, self.why = case, word, why

    def __str__(self) -> str:
        return f"{self.word:<8} {self.case['id']}: {self.why}"


def same_money(answer: object, expected: str | None) -> bool:
    """Return whether an amount is the expected one: a float is right if it is the nearest one.

    >>> same_money("0.10", "0.1"), same_money(0.1, "0.1"), same_money(0.1000001, "0.1"), same_money(None, "0.1")
    (True, True, False, False)
    """
    if answer is None or expected is None:
        return answer is None and expected is None
    if isinstance(answer, float):
        return answer == float(Decimal(expected))
    return Decimal(str(answer)) == Decimal(expected)


def is_dust(answer: object, expected: str) -> bool:
    """Return whether a float is off by no more than its own arithmetic.

    >>> is_dust(0.30000000000000004, "0.3"), is_dust(0.31, "0.3"), is_dust("0.30000000000000004", "0.3")
    (True, False, False)
    """
    right = Decimal(expected)
    return isinstance(answer, float) and abs(Decimal(answer) - right) <= abs(right) * _DUST


def judged_price(adapter: Adapter, case: dict[str, Any]) -> Verdict:
    """Ask for the cost of a case."""
    expected = case["expected"]
    try:
        answer = adapter.price(case)
    except CannotError as error:
        return Verdict(case, CANNOT, str(error))
    except Exception as error:  # noqa: BLE001 - each tool refuses in its own way
        said = f"{type(error).__name__}: {str(error).partition(chr(10))[0][:120]}"
        return Verdict(case, RIGHT if expected.get("error") else REFUSED, said)
    found = answer if isinstance(answer, dict) else {"total": answer}
    if expected.get("error"):
        return Verdict(case, WRONG, f"{found['total']} where it had to refuse")
    word, why = RIGHT, ""
    for name, amount in expected.items():
        if name in found and not same_money(found[name], amount):
            word = DUST if word != WRONG and is_dust(found[name], amount) else WRONG
            why = f"{name} {found[name]}, and not {amount}"
    return Verdict(case, word, why)


def judged_usage(adapter: Adapter, case: dict[str, Any]) -> Verdict:
    """Ask for the units of a recorded response."""
    expected = case["expected"]["quantities"]
    try:
        found = adapter.usage(case)
    except CannotError as error:
        return Verdict(case, CANNOT, str(error))
    except Exception as error:  # noqa: BLE001 - see above
        return Verdict(case, REFUSED, f"{type(error).__name__}: {str(error).partition(chr(10))[0][:120]}")
    counted = {meter: units for meter, units in found.items() if units and meter not in NOT_COUNTED}
    if "web_searches" not in expected:
        counted.pop("web_searches", None)
    return Verdict(case, RIGHT) if counted == expected else Verdict(case, WRONG, f"{counted}, and not {expected}")


def score(verdicts: Iterable[Verdict]) -> Counter[str]:
    """Return how many answers were which."""
    return Counter(verdict.word for verdict in verdicts)
