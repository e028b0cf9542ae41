"""The speed budgets of the design, as data: what is measured, against what, and the limit."""

from __future__ import annotations

from typing import NamedTuple

from cases import BASELINE, OURS, PEERS
from startup import BASELINE as BARE_IMPORT
from startup import NEVER

MB = 1_000_000


class Verdict(NamedTuple):
    """One budget with what was measured. ``passed`` is None if it could not be measured."""

    budget: str
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
    found = [Verdict("every answer is the one worked out by hand", ", ".join(wrong) or "all right", not wrong)]
    for case, factors in (
        ("raw OpenAI dict", {"litellm": 50, "genai-prices": 30}),
        ("line items read too", {"litellm": 35, "genai-prices": 25}),
    ):
        for peer, factor in factors.items():
            ratio = calls[case][peer] / calls[case][OURS]
            found.append(Verdict(f"{case}: {factor}x faster than {peer}", f"{ratio:.1f}x", ratio >= factor))

    ratio = calls["SDK object (openai)"][OURS] / calls["raw OpenAI dict"][OURS]
    found.append(Verdict("SDK object: at most 2x the dict", f"{ratio:.2f}x", ratio <= 2))

    row = calls["cost_per_token"]
    ratio = row[OURS] / row[BASELINE]
    found.append(Verdict("cost_per_token: at most 6x a look-up and two products", f"{ratio:.2f}x", ratio <= 6))
    fastest = min((peer for peer in PEERS if peer in row), key=row.__getitem__)
    ratio = row[fastest] / row[OURS]
    found.append(Verdict("cost_per_token: faster than every peer", f"{ratio:.1f}x {fastest}", ratio > 1))

    row = starts["import + first call"]
    ratio = row[OURS] / row[BARE_IMPORT]
    found.append(Verdict(f"import + first call: at most 2x `{BARE_IMPORT}`", f"{ratio:.2f}x", ratio <= 2))
    found.append(Verdict("import + first call: under 20 ms", f"{row[OURS] * 1e3:.1f} ms", row[OURS] < 0.020))
    for kind, by_library in memory.items():
        used = by_library.get(OURS)
        measured = "not measured" if used is None else f"{used / MB:.1f} MB"
        passed = None if used is None else used < 8 * MB
        found.append(Verdict(f"import + first call: under 8 MB {kind}", measured, passed))
    found.append(
        Verdict(f"never imported by then: {', '.join(NEVER)}", ", ".join(forbidden) or "none of them", not forbidden)
    )
    return found
