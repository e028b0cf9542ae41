"""Whose server a host is."""

from __future__ import annotations

import pytest

from llmcost.prices.hosts import host
from llmcost.prices.vendors import family
from llmcost.readers.span_hosts import _PLACED, _SELLERS, seller_at


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("api.openai.com", ("openai", None)),
        ("EU.api.openai.com.", ("openai", "eu")),
        ("us.api.x.ai", ("xai", "us")),
        ("us-east-1.api.x.ai", ("xai", None)),
        ("api.eu.mistral.ai", ("mistral", "eu")),
        ("ca-api.together.ai", ("together_ai", "ca")),
        ("contoso.openai.azure.com", ("azure", None)),
        ("contoso.services.ai.azure.com", ("azure_ai", None)),
        ("generativelanguage.googleapis.com", ("gemini", None)),
        ("aiplatform.googleapis.com", ("vertex_ai", "global")),
        ("europe-west4-aiplatform.googleapis.com", ("vertex_ai", "europe-west4")),
        ("bedrock-runtime.us-east-1.amazonaws.com", ("bedrock", "us-east-1")),
        ("bedrock-runtime-fips.us-gov-west-1.amazonaws.com", ("bedrock", "us-gov-west-1")),
        ("openrouter.ai", ("openrouter", None)),
        ("api.deepseek.com", ("deepseek", None)),
        ("notapi.openai.com", (None, None)),
        ("s3.us-east-1.amazonaws.com", (None, None)),
        ("localhost", (None, None)),
        ("", (None, None)),
    ],
)
def test_hosts(name, expected):
    """The end of the name tells the seller, whole labels only, and the clouds have their region in it."""
    assert seller_at(name) == expected


def test_every_seller_has_its_name_in_the_maps():
    """The words are our own ones, so that they need no table to be understood."""
    assert {seller: family(seller) for seller in _SELLERS.values()} == {seller: seller for seller in _SELLERS.values()}


@pytest.mark.parametrize("name", _PLACED)
def test_a_host_of_one_place_says_of_a_span_what_it_says_of_a_client(name):
    """Readers know nothing of prices, so that both rooms have a table."""
    assert seller_at(name) == host(name)
