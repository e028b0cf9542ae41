"""Whatever stands in a file, the command ends with an answer and never with a traceback."""

from __future__ import annotations

import json
import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from llmcost.cli._app import app

# Words at which some reader looks, so that random objects get far into it.
NAMES = re.findall(
    r"\w+",
    """
    model usage response object choices type candidates data message id delta body usageMetadata
    usage_metadata modelVersion prompt_tokens completion_tokens total_tokens input_tokens output_tokens
    promptTokenCount candidatesTokenCount prompt_tokens_details cached_tokens iterations output tool_usage
    service_tier duration prices input_cost_per_token at created custom_id result metrics predict_time done
    eval_count meta billed_units results seconds cost groundingMetadata webSearchQueries modality tokenCount
    promptTokensDetails server_tool_use n prefer batch region cache_hit predictions embeddings statistics
    chunk bytes serverContent metadata stopReason attributes
""",
)
VALUES = [
    "chat.completion",
    "chat.completion.chunk",
    "response",
    "message",
    "message_start",
    "message_delta",
    "list",
    "batch",
    "response.completed",
    "response.done",
    "session.created",
    "gpt-4o",
    "claude-sonnet-4-5",
    "gemini-2.5-pro",
    "succeeded",
    "AUDIO",
    "flex",
    "tokens",
    "duration",
    "",
    "\n\x1b[2J\ud800",
    "12",
    -1,
    0,
    1,
    7,
    2.5,
    1e300,
    True,
    False,
    None,
]
anything = st.recursive(
    st.sampled_from(VALUES),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
    max_leaves=25,
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(NAMES), anything, min_size=1, max_size=7), min_size=1, max_size=4))
def test_any_objects(runner, objects):
    """Each is priced or named as an error, in both forms of output, and the exit code says which."""
    text = "\n".join(map(json.dumps, objects))
    result = runner.invoke(app, ["price", "--json", "-"], input=text)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    found = json.loads(result.stdout)
    assert found["total"]["calls"] + found["total"]["failed"] == len(found["calls"]) > 0
    assert (result.exit_code == 0) == (found["total"]["failed"] == 0)
    assert runner.invoke(app, ["price", "-"], input=text).exit_code == result.exit_code
