from __future__ import annotations

import os
from contextlib import closing
from urllib.parse import urlsplit, urlunsplit

import pytest

import llmcost
from tests.sdks import optional

# The server that the tests use; without the variable the one on the local socket, if it answers.
VARIABLE = "LLMCOST_TEST_POSTGRES"
LOCAL = "postgresql:///postgres?host=/var/run/postgresql"


@pytest.fixture(scope="session")
def server(request):
    """The address of a database of these tests alone, made on a server of PostgreSQL."""
    psycopg = optional("psycopg")
    address = os.environ.get(VARIABLE) or LOCAL
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"llmcost_test_{os.getpid()}_{worker}"
    try:
        admin = psycopg.connect(address, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        if os.environ.get(VARIABLE):
            pytest.fail(f"{VARIABLE} names a server that does not answer: {error}", pytrace=False)
        pytest.skip(f"no PostgreSQL answers on the local socket: {str(error).strip()}; {VARIABLE} may name one")
    with closing(admin):
        admin.execute(f"CREATE DATABASE {name}")
        # A commit does not wait for the disk: no test stops the machine, and hundreds of them make all tables anew.
        admin.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
        yield urlunsplit(urlsplit(address)._replace(path=f"/{name}")).replace("postgresql:/l", "postgresql:///l")
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def postgresql(server):
    """The address of an empty database of PostgreSQL."""
    with closing(optional("psycopg").connect(server, autocommit=True)) as connection:
        connection.execute("DROP SCHEMA IF EXISTS public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return server


@pytest.fixture
def sqlite(tmp_path):
    """The address of a file of SQLite that is not there yet."""
    optional("sqlalchemy")
    return f"sqlite:///{tmp_path}/spend.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request):
    """The address of an empty database, of each kind."""
    optional("sqlalchemy")
    return request.getfixturevalue(request.param)


@pytest.fixture
def log(address, tmp_path):
    """A log that is drained only when a test drains it."""
    found = llmcost.SpendLog(address, spool=tmp_path / "spool", drain=False)
    yield found
    found.close()


@pytest.fixture
def query(address):
    """Asks the database itself, past the log."""
    sqlalchemy = optional("sqlalchemy")
    engine = sqlalchemy.create_engine(address.replace("postgresql:", "postgresql+psycopg:"))

    def ask(statement, **given):
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(sqlalchemy.text(statement), given)]

    yield ask
    engine.dispose()
