"""LiteLLM's proxy, started from a ``config.yaml`` that names the logger. It is run where the proxy is installed."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.integrations.test_litellm import CHAT, MESSAGES, STREAM
from tests.servers.provider import events, whole

pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.timeout(170)]

ROOT = Path(__file__).parents[2]
CONFIG = """
model_list:
  - model_name: azure-gpt
    litellm_params:
      model: azure/chatgpt-v-2
      api_base: {url}
      api_key: x
      api_version: "2023-07-01-preview"
    model_info:
      base_model: azure/gpt-4-1106-preview
  - model_name: own-gpt
    litellm_params:
      model: openai/private
      api_base: {url}/v1
      api_key: x
    model_info:
      input_cost_per_token: 0.000421
      output_cost_per_token: 0.000520
litellm_settings:
  callbacks: [llmcost.integrations.litellm.logger, seen.handler]
general_settings:
  master_key: {key}
"""
# What runs after our logger, in the proxy, and writes down what it sees.
HANDLER = """
import json, llmcost
from litellm.integrations.custom_logger import CustomLogger

class Handler(CustomLogger):
    async def async_log_success_event(self, kwargs, response_obj, start_time, end_time):
        cost = kwargs.get("llmcost")
        with open({path!r}, "a") as file:
            file.write(json.dumps([str(cost), cost and cost.matched_as]) + chr(10))

handler = Handler()
counted = lambda kwargs, *_: open({path!r}, "a").write(json.dumps(["counted", kwargs["response_cost"]]) + chr(10))
llmcost.success_callback = [counted]
"""
KEY = "sk-a-key-for-this-test-alone-0123456789abcdef"


@pytest.fixture
def proxy(tmp_path, provider):
    """A client of a proxy, and where its handlers write down what they see."""
    pytest.importorskip("litellm")
    pytest.importorskip("fastapi")
    pytest.importorskip("litellm_proxy_extras")
    seen = tmp_path / "seen.jsonl"
    (tmp_path / "config.yaml").write_text(CONFIG.format(url=provider.url, key=KEY))
    (tmp_path / "seen.py").write_text(HANDLER.format(path=str(seen)))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    script = Path(sys.executable).parent / "litellm"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LITELLM_LOCAL_MODEL_COST_MAP": "True"}
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            [script, "--config", tmp_path / "config.yaml", "--port", str(port), "--host", "127.0.0.1"],
            cwd=tmp_path, env=environment, stdout=log, stderr=log,
        )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    http = pytest.importorskip("httpx")
    try:
        for _ in range(600):
            try:
                http.get(f"{url}/health/liveliness", timeout=1)
                break
            except http.HTTPError:
                assert process.poll() is None, (tmp_path / "log").read_text()[-3000:]
                time.sleep(0.2)
        with http.Client(base_url=url, headers={"authorization": f"Bearer {KEY}"}, timeout=30) as client:
            yield client, seen
    finally:
        process.terminate()
        process.wait(20)


def test_a_proxy(proxy, provider):
    """Each alias is priced as its deployment, and counted once.

    azure/gpt-4-1106-preview: 1000 x 10e-6 + 100 x 30e-6 = 0.013. Own prices: 1000 x 0.421e-3 + 100 x 0.52e-3 = 0.473.
    """
    client, seen = proxy
    found = []
    for model, stream in (("azure-gpt", False), ("own-gpt", False), ("own-gpt", True)):
        provider.gives(events(STREAM) if stream else whole(CHAT))
        body = {"model": model, "messages": MESSAGES, "stream": stream}
        answer = client.post("/v1/chat/completions", json=body)
        assert answer.status_code == 200, answer.text
        for _ in range(400):
            rows = [json.loads(line) for line in seen.read_text().splitlines()] if seen.exists() else []
            if len(rows) >= len(found) + 2:
                break
            time.sleep(0.05)
        found = rows
    assert sorted(map(str, found)) == sorted(
        map(
            str,
            [
                ["0.013", "azure/gpt-4-1106-preview"],
                ["counted", 0.013],
                ["0.473", "private"],
                ["counted", 0.473],
                ["0.473", "private"],
                ["counted", 0.473],
            ],
        )
    )
