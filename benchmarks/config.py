"""Loading a configuration of 500 deployments, and pricing with it against pricing without.

``python benchmarks/config.py`` prints the minimum of several rounds, in one process on one machine.
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
RESPONSE = {
    "object": "chat.completion",
    "model": "gpt-4o",
    "usage": {"prompt_tokens": 1000, "completion_tokens": 500, "total_tokens": 1500},
}


def milliseconds(work) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def main() -> None:
    prices = CostMap.bundled()
    first = milliseconds(lambda: prices.with_config("model_list: []\n"))
    load = min(milliseconds(lambda: prices.with_config(CONFIG)) for _ in range(5))
    configured = prices.with_config(CONFIG)

    def without() -> None:
        for _ in range(CALLS):
            prices.calculate(RESPONSE, model="gpt-4o").response_cost

    def with_it() -> None:
        for _ in range(CALLS):
            configured.calculate(RESPONSE, model="prod/claude-7").response_cost

    pairs = [(milliseconds(without), milliseconds(with_it)) for _ in range(ROUNDS)]
    bare, own = (min(column) * 1000 / CALLS for column in zip(*pairs, strict=True))
    print(f"yaml, pydantic and the map, once     {first:8.1f} ms")
    print(f"{DEPLOYMENTS} deployments, {len(CONFIG) // 1024} KB           {load:8.1f} ms   (budget {BUDGET_MS} ms)")
    print(f"a call without a configuration       {bare:8.2f} us")
    print(f"a call of a configured deployment    {own:8.2f} us   ({own / bare:.2f}x, at most {MOST_SLOWER}x)")
    if load > BUDGET_MS or own > bare * MOST_SLOWER:
        raise SystemExit("over budget")


if __name__ == "__main__":
    main()
