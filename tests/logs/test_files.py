"""Files of a log, of which somebody may not read all."""

from __future__ import annotations

import json

from llmcost.logs.files import Files

CALL = {"model": "gpt-4o", "usage": {"prompt_tokens": 10, "completion_tokens": 1}}


def test_nobody_reads_on(tmp_path):
    """What had been passed over by then is counted, also where the collector of garbage closes the text before."""
    path = tmp_path / "log.jsonl"
    path.write_text(f"{json.dumps(CALL)}\n" * 3)
    for closed_before in (False, True):
        with path.open("rb") as binary:
            reading = Files([str(path)])._calls(str(path), binary)
            assert next(reading).calculate().total > 0
            if closed_before:
                reading.gi_frame.f_locals["text"].close()
            reading.close()
            assert binary.closed is closed_before
