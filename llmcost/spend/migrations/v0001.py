"""The tables of the first version. A new database gets those of the newest at once; this is where older ones begin."""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None

_BIG = {"sqlite": "INTEGER", "postgresql": "BIGINT"}
_SMALL = {"sqlite": "INTEGER", "postgresql": "SMALLINT"}
_STRICT = {"sqlite": " STRICT", "postgresql": ""}
_KEYED = {"sqlite": " WITHOUT ROWID, STRICT", "postgresql": ""}
_TABLES = """
CREATE TABLE meta (name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (name)){strict};
CREATE TABLE names (code INTEGER NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (code),
  CONSTRAINT names_kind_text UNIQUE (kind, text)){strict};
CREATE TABLE forms (code INTEGER NOT NULL, digest TEXT NOT NULL, form TEXT NOT NULL, PRIMARY KEY (code),
  UNIQUE (digest)){strict};
CREATE TABLE calls (seq {big} NOT NULL, id TEXT NOT NULL, at {big} NOT NULL,
  model INTEGER DEFAULT '0' NOT NULL, provider INTEGER DEFAULT '0' NOT NULL, deployment INTEGER DEFAULT '0' NOT NULL,
  status {small} NOT NULL, team INTEGER DEFAULT '0' NOT NULL, user_name INTEGER DEFAULT '0' NOT NULL,
  session INTEGER DEFAULT '0' NOT NULL, tags TEXT, input {big} NOT NULL, output {big} NOT NULL,
  nano {big} NOT NULL, atto {big} NOT NULL, rest TEXT, saved TEXT, latency_us {big}, ttft_us {big}, error TEXT,
  attempt INTEGER, usage TEXT, lines TEXT, form INTEGER DEFAULT '0' NOT NULL, cost TEXT,
  map INTEGER DEFAULT '0' NOT NULL, source INTEGER DEFAULT '0' NOT NULL, metadata TEXT,
  revised INTEGER DEFAULT '0' NOT NULL, PRIMARY KEY (seq), CONSTRAINT calls_id UNIQUE (id),
  CONSTRAINT calls_money CHECK (nano >= 0 AND atto >= 0 AND atto < 1000000000)){strict};
CREATE INDEX calls_at ON calls
  (at, model, team, user_name, status, provider, deployment, input, output, nano, atto);
CREATE INDEX calls_session ON calls (session, at) WHERE session <> 0;
CREATE INDEX calls_rest ON calls (at) WHERE rest IS NOT NULL;
CREATE TABLE call_tags (tag INTEGER NOT NULL, seq {big} NOT NULL, PRIMARY KEY (tag, seq)){keyed};
CREATE INDEX call_tags_seq ON call_tags (seq);
CREATE TABLE totals (axis TEXT NOT NULL, hour INTEGER NOT NULL, value INTEGER NOT NULL, status {small} NOT NULL,
  calls {big} NOT NULL, input {big} NOT NULL, output {big} NOT NULL, nano {big} NOT NULL, atto {big} NOT NULL,
  rest TEXT, PRIMARY KEY (axis, hour, value, status)){keyed};
CREATE INDEX totals_rest ON totals (axis, hour) WHERE rest IS NOT NULL;
CREATE TABLE drops (hour INTEGER NOT NULL, calls {big} NOT NULL, PRIMARY KEY (hour)){strict}
"""


def upgrade() -> None:
    """Make the tables, and the view over them."""
    kind = op.get_bind().dialect.name
    for statement in _TABLES.split(";"):
        op.execute(statement.format(big=_BIG[kind], small=_SMALL[kind], strict=_STRICT[kind], keyed=_KEYED[kind]))
    op.execute(_VIEW.format(**_PARTS[kind]))


_VIEW = """
CREATE VIEW spend AS
SELECT calls.seq, calls.id, {at} AS at, status_of.text AS status, model_of.text AS model, provider_of.text AS provider,
  deployment_of.text AS deployment, team_of.text AS team, user_name_of.text AS user_name, session_of.text AS session,
  map_of.text AS map, source_of.text AS source, calls.input, calls.output,
  rtrim(rtrim((calls.nano / 1000000000) || '.' || {fraction}
    || CASE WHEN calls.rest IS NULL OR calls.rest LIKE '%/%' THEN '' ELSE calls.rest END, '0'), '.') AS usd,
  CASE WHEN calls.rest LIKE '%/%' THEN 0 ELSE 1 END AS exact,
  CAST(calls.nano AS double precision) / 1e9 + CAST(calls.atto AS double precision) / 1e18 AS usd_float,
  calls.latency_us, calls.ttft_us, calls.error, calls.usage, calls.lines, calls.metadata
FROM calls
LEFT JOIN names status_of ON status_of.code = calls.status
LEFT JOIN names model_of ON model_of.code = calls.model
LEFT JOIN names provider_of ON provider_of.code = calls.provider
LEFT JOIN names deployment_of ON deployment_of.code = calls.deployment
LEFT JOIN names team_of ON team_of.code = calls.team
LEFT JOIN names user_name_of ON user_name_of.code = calls.user_name
LEFT JOIN names session_of ON session_of.code = calls.session
LEFT JOIN names map_of ON map_of.code = calls.map
LEFT JOIN names source_of ON source_of.code = calls.source
"""
_PARTS = {
    "sqlite": {
        "at": "strftime('%Y-%m-%dT%H:%M:%S', calls.at / 1000000, 'unixepoch') || printf('.%06dZ', calls.at % 1000000)",
        "fraction": "printf('%09d%09d', calls.nano % 1000000000, calls.atto)",
    },
    "postgresql": {
        "at": "timestamptz 'epoch' + calls.at * interval '1 microsecond'",
        "fraction": "lpad(CAST(calls.nano % 1000000000 AS text), 9, '0') || lpad(CAST(calls.atto AS text), 9, '0')",
    },
}
