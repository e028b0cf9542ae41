"""The speed budgets, as data: what is measured, against what, and the limit."""

from __future__ import annotations

from typing import NamedTuple

from cases_with_facts import BARE_CALL, CHOOSES, COMPLETES, MIXED, MIXED_TIER
from questions import BASELINE, OURS, PEERS
from startup import BASELINE as BARE_IMPORT
from startup import NEVER

MB = 1_000_000
US = 1e-6
MOST_START, MOST_MEMORY, MOST_UNKNOWN = 0.020, 8 * MB, 20 * US

# (case, peer, how many times faster than the peer's same call).
FASTER = (
    ("raw OpenAI dict", "litellm", 50),
    ("raw OpenAI dict", "genai-prices", 30),
    ("line items read too", "litellm", 30),
    ("line items read too", "genai-prices", 20),
    *((case, "litellm", 20) for case in CHOOSES),
    ("own prices", "litellm", 8),
    (MIXED, "litellm", 25),
    (MIXED_TIER, "litellm", 20),
)
# (case, the case of our own beside it, how many times its time at most).
AT_MOST = (
    *((case, BARE_CALL, 2.5) for case in CHOOSES),
    ("own prices", BARE_CALL, 3),
    ("at=", BARE_CALL, 3.5),
    *((case, BARE_CALL, 6) for case in COMPLETES),
    ("SDK object (openai)", "raw OpenAI dict", 2),
)


class Verdict(NamedTuple):
    """One budget: what is wanted, and what was measured. ``passed`` is None if it could not be measured."""

    budget: str
    wanted: str
    measured: str
    passed: bool | None


def verdicts(
    calls: dict[str, dict[str, float]],
    wrong: list[str],
    starts: dict[str, dict[str, float]],
    memory: dict[str, dict[str, int]],
    forbidden: list[str],
) -> list[Verdict]:
    """Return every budget with its verdict, from seconds by case and library and bytes by kind and library.

    ``wrong`` are the cases that llmcost itself answers wrongly.
    """
    found = [Verdict("answers", "those worked out by hand", ", ".join(wrong) or "all right", not wrong)]
    for case, peer, factor in FASTER:
        ratio = calls[case][peer] / calls[case][OURS]
        found.append(Verdict(case, f"{factor}x faster than {peer}", f"{ratio:.1f}x", ratio >= factor))
    for case, beside, most in AT_MOST:
        found.append(_at_most(case, calls[case][OURS], beside, calls[beside][OURS], most))

    row = calls["cost_per_token"]
    found.append(_at_most("cost_per_token", row[OURS], "a look-up and two products", row[BASELINE], 6))
    fastest = min((peer for peer in PEERS if peer in row), key=row.__getitem__)
    ratio = row[fastest] / row[OURS]
    found.append(Verdict("cost_per_token", "faster than every peer", f"{ratio:.1f}x {fastest}", ratio > 1))
    seconds = calls["unknown model"][OURS]
    most = f"at most {MOST_UNKNOWN / US:.0f} us"
    found.append(Verdict("unknown model", most, f"{seconds / US:.1f} us", seconds <= MOST_UNKNOWN))

    row = starts["import + first call"]
    found.append(_at_most("import + first call", row[OURS], f"`{BARE_IMPORT}`", row[BARE_IMPORT], 2.5))
    most = f"under {MOST_START * 1e3:.0f} ms"
    found.append(Verdict("import + first call", most, f"{row[OURS] * 1e3:.1f} ms", row[OURS] < MOST_START))
    for kind, by_library in memory.items():
        used = by_library.get(OURS)
        measured = "not measured" if used is None else f"{used / MB:.1f} MB"
        passed = None if used is None else used < MOST_MEMORY
        found.append(Verdict("import + first call", f"under {MOST_MEMORY // MB} MB {kind}", measured, passed))
    never = f"without {', '.join(NEVER)}"
    found.append(Verdict("import + first call", never, ", ".join(forbidden) or "none of them", not forbidden))
    return found


def _at_most(case: str, seconds: float, beside: str, of_it: float, most: float) -> Verdict:
    ratio = seconds / of_it
    return Verdict(case, f"at most {most}x {beside}", f"{ratio:.2f}x", ratio <= most)
