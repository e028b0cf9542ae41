"""The tables of the index.

Texts that repeat (sessions, projects, models, shapes of responses) stand in ``texts`` once. Times are microseconds
since 1970, UTC. Money is nano, atto and rest (``llmcost.spend.money``).
"""

from __future__ import annotations

# Raised when the tables, or what is kept of a line, change: an index of another version is made anew.
VERSION = 5
# The unit of time of the sums: each time zone of today begins its days at a multiple of it.
QUARTER_US = 900_000_000

TABLES = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE texts (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);

-- A file as far as it was read. size, changed and inode are those of that moment; proof stands for its bytes before
-- offset; state is what the lines so far say of the next.
CREATE TABLE files (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, size INTEGER NOT NULL, changed INTEGER NOT NULL,
    inode INTEGER NOT NULL, offset INTEGER NOT NULL, line INTEGER NOT NULL, proof TEXT NOT NULL, format TEXT,
    state TEXT NOT NULL, copies INTEGER NOT NULL, problems INTEGER NOT NULL
);
CREATE TABLE passed (file INTEGER, kind TEXT, count INTEGER NOT NULL, PRIMARY KEY (file, kind)) WITHOUT ROWID;
CREATE TABLE problems (file INTEGER, line INTEGER, reason TEXT NOT NULL, PRIMARY KEY (file, line)) WITHOUT ROWID;

-- A call of a file. kept: it is no copy of one in another file. shape and numbers are its response; partial: a lower
-- bound by what the file says; bound: by its cost too. failure: why it has no cost.
CREATE TABLE calls (
    id INTEGER PRIMARY KEY AUTOINCREMENT, file INTEGER NOT NULL, line INTEGER NOT NULL, format TEXT NOT NULL,
    name TEXT NOT NULL, kin TEXT, mark TEXT NOT NULL, kept INTEGER NOT NULL, at INTEGER,
    session INTEGER NOT NULL, project INTEGER NOT NULL, shape INTEGER NOT NULL, numbers TEXT NOT NULL,
    partial INTEGER NOT NULL, model INTEGER NOT NULL, input INTEGER NOT NULL, cached INTEGER NOT NULL,
    output INTEGER NOT NULL, nano INTEGER NOT NULL, atto INTEGER NOT NULL, rest TEXT, bound INTEGER NOT NULL,
    failure INTEGER NOT NULL
);
CREATE INDEX calls_by_name ON calls (name);
CREATE INDEX calls_by_kin ON calls (kin) WHERE kin IS NOT NULL;
CREATE INDEX calls_by_time ON calls (at);
CREATE INDEX calls_by_file ON calls (file);
CREATE INDEX calls_not_kept ON calls (id) WHERE kept = 0;
CREATE INDEX calls_with_rest ON calls (id) WHERE rest IS NOT NULL;
CREATE INDEX calls_failed ON calls (failure) WHERE failure <> 0;

-- Names of calls that have gone, so that their copies are looked at anew; quarters whose sums are to be made anew.
CREATE TABLE gone (format TEXT, name TEXT, PRIMARY KEY (format, name)) WITHOUT ROWID;
CREATE TABLE stale (quarter INTEGER PRIMARY KEY);
CREATE TABLE sums (
    quarter INTEGER, session INTEGER, project INTEGER, model INTEGER, format TEXT, failure INTEGER,
    calls INTEGER NOT NULL, input INTEGER NOT NULL, cached INTEGER NOT NULL, output INTEGER NOT NULL,
    nano INTEGER NOT NULL, atto INTEGER NOT NULL, bounds INTEGER NOT NULL,
    PRIMARY KEY (quarter, session, project, model, format, failure)
) WITHOUT ROWID;
"""

# What a call is made of again, and behind it the numbers of the texts of its session and project.
CALLS = (
    "SELECT calls.id, files.path, calls.line, calls.format, calls.at, shapes.text, calls.numbers, calls.partial, "
    "calls.session, calls.project "
    "FROM calls JOIN files ON files.id = calls.file JOIN texts AS shapes ON shapes.id = calls.shape"
)
