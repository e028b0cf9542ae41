"""Doors hang in clients of SDKs alone."""

from __future__ import annotations

import pytest

from llmcost.tracking.doors import hang, unhang


class Sdk:
    def request(self):
        return "an answer"

    def copy(self):
        return Sdk()


class Requests:
    request = Sdk.request


class Copies:
    copy = Sdk.copy


def test_a_client_that_is_copied_and_asks():
    """It has a door, says of each copy, and is as it was when the door is taken out."""
    client, copies = Sdk(), []
    hang(client, copies.append, refuses=True)
    copy = client.copy()
    assert (client.request(), copies, sorted(vars(client))) == ("an answer", [copy], ["copy", "request"])
    unhang(client)
    assert vars(client) == {}


@pytest.mark.parametrize("kind", [Requests, Copies])
def test_any_other_object_stays_as_it_is(kind):
    """What only asks, or is only copied, is no client of an SDK."""
    client = kind()
    hang(client, print, refuses=True)
    assert vars(client) == {}
