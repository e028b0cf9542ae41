"""An agent that works until its budget is spent, and stops before a call would exceed it.

pip install openai
OPENAI_API_KEY=... python examples/agent_budget.py "Plan a week in Rome" 0.05
"""

from __future__ import annotations

import sys
from typing import Any

import openai

import llmcost


def run(task: str, budget: llmcost.Budget, **settings: Any) -> list[str]:
    """Return the steps that the agent took, the last of which is the reason why it stopped."""
    client = llmcost.track(openai.OpenAI(**settings), budget=budget)
    messages: list[Any] = [
        {"role": "user", "content": f"{task}\nDo one step at a time. Say DONE when there is none left."}
    ]
    steps: list[str] = []
    while True:
        try:
            # The limit of the answer is what bounds the cost of the call before it is made.
            answer = client.chat.completions.create(model="gpt-4o-mini", messages=messages, max_tokens=500)
        except llmcost.BudgetExceededError as error:
            return [*steps, f"stopped: {error}"]
        text = answer.choices[0].message.content or ""
        steps.append(text)
        if "DONE" in text:
            return [*steps, f"done for {budget.spent} USD"]
        messages += [{"role": "assistant", "content": text}, {"role": "user", "content": "Next step."}]


if __name__ == "__main__":
    print("\n".join(run(sys.argv[1], llmcost.Budget(sys.argv[2]))))  # noqa: T201 - a program for the terminal
