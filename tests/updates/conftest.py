"""What the tests of updates share: a server on this machine."""

from __future__ import annotations

import pytest

from tests.servers.files import Files


@pytest.fixture
def server():
    found = Files()
    yield found
    found.close()
