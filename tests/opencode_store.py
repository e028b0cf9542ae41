"""A database of OpenCode as its versions 1 and 2 make it, with the columns that are read, made by hand."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

_TABLES = {
    1: """
CREATE TABLE session (id text PRIMARY KEY, project_id text NOT NULL, parent_id text, directory text NOT NULL,
    time_created integer NOT NULL, time_updated integer NOT NULL);
CREATE TABLE message (id text PRIMARY KEY, session_id text NOT NULL, time_created integer NOT NULL,
    time_updated integer NOT NULL, data text NOT NULL);
""",
    2: """
CREATE TABLE session_v2 (id text PRIMARY KEY, project_id text NOT NULL, parent_id text, fork_session_id text,
    directory text NOT NULL, time_created integer NOT NULL, time_updated integer NOT NULL);
CREATE TABLE session_message (id text PRIMARY KEY, session_id text NOT NULL, type text NOT NULL, seq integer NOT NULL,
    time_created integer NOT NULL, time_updated integer NOT NULL, data text NOT NULL);
""",
}
BEGUN = 1_767_607_200_000  # 2026-01-05T10:00:00Z


def answer(number=0, *, output=100, reasoning=0, total=None, completed=True, model="small-1", provider="anthropic"):
    """The data of a message of version 1: 1000 of input, and the output; begun a second after the one before."""
    begun = BEGUN + 1000 * number
    tokens = {"input": 1000, "output": output, "reasoning": reasoning, "cache": {"read": 0, "write": 0}}
    if total is not None:
        tokens["total"] = total
    time = {"created": begun, **({"completed": begun + 900} if completed else {})}
    data = {"role": "assistant", "time": time, "modelID": model, "providerID": provider, "cost": 0, "tokens": tokens}
    return {**data, "path": {"cwd": "/project/shop/src", "root": "/project/shop"}}


def answer_2(number=0, **more):
    """The same as version 2 writes it: the model is an object, and neither a role nor a total is stated."""
    found = answer(number, **more)
    model = {"id": found.pop("modelID"), "providerID": found.pop("providerID"), "variant": "default"}
    del found["role"], found["path"]
    return {**found, "agent": "build", "model": model, "content": [], "finish": "stop"}


class Store:
    """A database, to which messages are written."""

    def __init__(self, path, *versions):
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self.run("PRAGMA journal_mode = WAL")
        for version in versions or (1,):
            self.make(version)

    def make(self, version):
        with closing(sqlite3.connect(self.path)) as connection:
            connection.executescript(_TABLES[version])

    def run(self, statement, *given):
        with closing(sqlite3.connect(self.path)) as connection, connection:
            connection.execute(statement, given)

    def session(self, identity, version=1):
        table, more = ("session", "") if version == 1 else ("session_v2", ", NULL")
        self.run(f"INSERT INTO {table} VALUES (?, 'p', NULL{more}, '/project/shop', 0, 0)", identity)

    def put(self, identity, data, session="ses_1", *, updated=None, version=1, kind="assistant"):
        """Write a message, in the place of one with its id if there is one."""
        data = data if isinstance(data, (str, bytes)) else json.dumps(data)
        created = BEGUN if updated is None else updated
        values = [identity, session, *([kind, 0] if version == 2 else []), created, created, data]
        table = "message" if version == 1 else "session_message"
        self.run(
            f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))}) ON CONFLICT (id) DO UPDATE SET "
            "data = excluded.data, time_updated = excluded.time_updated",
            *values,
        )
