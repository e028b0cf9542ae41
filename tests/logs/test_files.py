"""Files of a log, of which somebody may not read all."""

from __future__ import annotations

import json

from llmcost.logs.files import Files

CALL = {"model": "gpt-4o", "usage": {"prompt_tokens": 10, "completion_tokens": 1}}


def test_nobody_reads_on(tmp_path):
    """The file is not closed by that, nor is a table, also where the collector of garbage closes its text before."""
    path, table = tmp_path / "log.jsonl", tmp_path / "log.csv"
    path.write_text(f"{json.dumps(CALL)}\n" * 3)
    table.write_text("model,prompt_tokens,completion_tokens\n" + "gpt-4o,10,1\n" * 3)
    for file, closed_before in ((path, False), (table, False), (table, True)):
        with file.open("rb") as binary:
            reading = Files([str(file)]).calls_in(binary, str(file))
            assert next(reading).calculate().total > 0
            if closed_before:
                reading.gi_frame.f_locals["table"].close()
            reading.close()
            assert binary.closed is closed_before
