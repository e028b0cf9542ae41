"""Write the kit from the golden cases of the tests: ``python -m conformance.build``; ``--check`` compares."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
GOLDEN = HERE.parent / "tests" / "golden"
README = HERE / "README.md"
BEGIN, END = "<!-- {}: begin -->\n", "<!-- {}: end -->\n"

# Facts of a case that only the caller knows, by the names of the kit.
FACTS = {"input_characters": "characters", "seconds": "duration", "duration_seconds": "duration"}
# Keys of rates that are explained by themselves: blocks, units and factors.
NOT_OF_ONE_METER = (
    "provider_specific_entry",
    "regional_processing_uplift_multiplier_eu",
    "regional_processing_uplift_multiplier_us",
    "search_context_cost_per_query",
    "web_search_billing_unit",
)
# Meters whose prices stand in a block.
IN_BLOCKS: dict[str, tuple[str, ...]] = {"web_searches": ("search_context_cost_per_query",)}
RENAMED = {"requested_service_tier": "service_tier", "base_url": None, "model": None}


def lines(name: str, folder: Path = HERE) -> list[dict[str, Any]]:
    """Return the rows of a file of JSON Lines."""
    return [json.loads(line) for line in (folder / name).read_text(encoding="utf-8").splitlines()]


def rules() -> list[dict[str, Any]]:
    """Return the rules, each with the page that proves it."""
    found: list[dict[str, Any]] = json.loads((HERE / "rules.json").read_text(encoding="utf-8"))
    return found


def cases() -> list[dict[str, Any]]:
    """Return the cases with prices: a response, the rates, the facts that it lacks, and the exact cost."""
    rule_of = {api: rule for rule in rules() for api in rule["apis"]}
    found = []
    for case in lines("cases.jsonl", GOLDEN):
        context = dict(case.get("context") or {})
        rule = rule_of[case["flavour"]]
        facts = {RENAMED.get(name, FACTS.get(name, name)): value for name, value in context.items()}
        facts.pop(None, None)
        expected: dict[str, Any] = {"total": case["expected_cost_usd"]}
        if case.get("expected_error"):
            expected = {"error": True}
        elif "expected_reported_cost_usd" in case:
            expected["reported"] = case["expected_reported_cost_usd"]
        found.append(
            {
                "id": case["id"],
                "provider": case["provider"],
                "api": case["flavour"],
                "called": context.get("model") or case["model_for_pricing"],
                "response": case["response"],
                "rates": {case["model_for_pricing"]: case["rates"], **case.get("extra_rates", {})},
                "facts": facts,
                "expected": expected,
                "rule": rule["id"],
                "page": rule["page"],
                "derivation": case["derivation"],
                **({"choice": case["policy"]} if case.get("policy") else {}),
            }
        )
    return found


def usages() -> list[dict[str, Any]]:
    """Return the cases without prices: a recorded response, and the units of each meter that it states."""
    return [
        {
            "id": case["id"],
            "provider": case["provider"],
            "response": case.get("body") or case["events"],
            "expected": {"quantities": case["right"]},
        }
        for case in lines("cassettes.jsonl", GOLDEN)
    ]


def table() -> str:
    """Return the rules as a table."""
    rows = "".join(f"| `{rule['id']}` | {rule['says']} | [page]({rule['page']}) |\n" for rule in rules())
    return f"| rule | what it says | |\n|---|---|---|\n{rows}"


def meters() -> str:
    """Return the meters of the kit as a table: those with a price in a case, and those of the usages."""
    from llmcost.core.meters import METERS
    from llmcost.prices.keys import decode, looks_like_price

    keys = {key for case in cases() for row in case["rates"].values() for key in row}
    priced = {found[0] for key in keys - set(NOT_OF_ONE_METER) if looks_like_price(key) and (found := decode(key))}
    priced |= IN_BLOCKS.keys()
    stated = {meter for case in usages() for meter in case["expected"]["quantities"]}
    rows = ""
    for name, meter in METERS.items():
        if name in priced | stated:
            spelled = [key for key in meter.keys if key in keys] or IN_BLOCKS.get(name, meter.keys[:1])
            many = "" if meter.per == 1 else f" for {meter.per:,}"
            shown = " ".join(f"`{key}`{many}" for key in spelled)
            parents = ", ".join(f"`{parent}`" for parent in meter.parents)
            rows += f"| `{name}` | {meter.unit} | {shown} | {parents} |\n"
    return f"| meter | unit | price key | else the rate of |\n|---|---|---|---|\n{rows}"


def files() -> dict[Path, str]:
    """Return what each generated file holds."""
    readme = README.read_text(encoding="utf-8")
    for name, made in (("rules", table()), ("meters", meters())):
        head, begin, rest = readme.partition(BEGIN.format(name))
        readme = f"{head}{begin}{made}{rest[rest.index(END.format(name)) :]}"
    written = {"cases.jsonl": cases(), "usages.jsonl": usages()}
    return {
        **{HERE / name: "".join(json.dumps(row) + "\n" for row in rows) for name, rows in written.items()},
        README: readme,
    }


def main(arguments: list[str]) -> int:
    """Write the files, or with ``--check`` compare them; return the exit code."""
    found = files()
    if arguments == ["--check"]:
        return int(any(not path.exists() or path.read_text(encoding="utf-8") != text for path, text in found.items()))
    for path, text in found.items():
        path.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
