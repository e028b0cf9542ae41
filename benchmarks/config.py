"""Loading a configuration of 500 deployments, and pricing with it against pricing without.

``python benchmarks/config.py`` prints the minimum of several rounds, in one process on one machine: CPU time, which a
busy machine changes little.
"""

from __future__ import annotations

import time

from llmcost import CostMap

DEPLOYMENTS, ROUNDS, CALLS = 500, 25, 2_000
BUDGET_MS, MOST_SLOWER = 300, 1.05

DEPLOYMENT = """
  - model_name: prod/claude-{i}
    litellm_params:
      model: anthropic/claude-sonnet-4-5-20250929
      api_base: https://gateway-{i}.example
      api_key: os.environ/ANTHROPIC_KEY_{i}
      rpm: 1000
      timeout: 600
    model_info:
      id: deployment-{i}
      base_model: claude-sonnet-4-5-20250929
      mode: chat
      input_cost_per_token: 0.00000{i:03}1
      output_cost_per_token: 3e-05
      cache_creation_input_token_cost: 0.0000075
      cache_read_input_token_cost: "0.0000006"
"""
CONFIG = "model_list:" + "".join(DEPLOYMENT.format(i=i) for i in range(DEPLOYMENTS))
# Three years, two steps, and a region in each: five blocks.
CONTRACT = """
  - model_name: prod/claude-{i}
    litellm_params: {{model: anthropic/claude-sonnet-4-5-20250929, api_key: os.environ/ANTHROPIC_KEY_{i}}}
    model_info:
      id: deployment-{i}
      mode: chat
      llmcost:
        prices:
          - {{from: 2024-01-01, until: 2025-01-01, input_cost_per_token: 3e-06, output_cost_per_token: 3e-05}}
          - {{from: 2025-01-01, until: 2027-01-01, input_cost_per_token: 0.00000{i:03}1, output_cost_per_token: 2e-05}}
          - {{from: 2025-01-01, until: 2026-01-01, regions: [eu], input_cost_per_token: 4e-06}}
          - {{from: 2026-01-01, until: 2027-01-01, regions: [eu], input_cost_per_token: 5e-06}}
          - {{from: 2027-01-01, until: 2028-01-01, input_cost_per_token: 2e-06, output_cost_per_token: 2e-05}}
"""
CONTRACTS = "model_list:" + "".join(CONTRACT.format(i=i) for i in range(DEPLOYMENTS))
CONTRACT_BUDGET_MS, MOST_SLOWER_BY_CONTRACT = 300, 1.2
RESPONSE = {
    "object": "chat.completion",
    "model": "gpt-4o",
    "usage": {"prompt_tokens": 1000, "completion_tokens": 500, "total_tokens": 1500},
}


def milliseconds(work) -> float:
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000


def measured(config: str, budget_ms: float, most: float, title: str) -> bool:
    """Print how long a configuration takes to load, and a call with it against one without; return if too long."""
    prices = CostMap.bundled()
    first = milliseconds(lambda: prices.with_config("model_list: []\n"))
    load = min(milliseconds(lambda: prices.with_config(config)) for _ in range(5))
    configured = prices.with_config(config)

    def without() -> None:
        for _ in range(CALLS):
            prices.calculate(RESPONSE, model="gpt-4o").response_cost

    def with_it() -> None:
        for _ in range(CALLS):
            configured.calculate(RESPONSE, model="prod/claude-7").response_cost

    pairs = [(milliseconds(without), milliseconds(with_it)) for _ in range(ROUNDS)]
    bare, own = (min(column) * 1000 / CALLS for column in zip(*pairs, strict=True))
    print(title)
    print(f"  yaml, pydantic and the map, once     {first:8.1f} ms")
    print(f"  {DEPLOYMENTS} deployments, {len(config) // 1024} KB           {load:8.1f} ms   (budget {budget_ms} ms)")
    print(f"  a call without a configuration       {bare:8.2f} us")
    print(f"  a call of a configured deployment    {own:8.2f} us   ({own / bare:.2f}x, at most {most}x)")
    return load > budget_ms or own > bare * most


def main() -> None:
    over = [
        measured(CONFIG, BUDGET_MS, MOST_SLOWER, "flat prices"),
        measured(CONTRACTS, CONTRACT_BUDGET_MS, MOST_SLOWER_BY_CONTRACT, "contracts of 5 blocks each"),
    ]
    if any(over):
        raise SystemExit("over budget")


if __name__ == "__main__":
    main()
