"""Hosts: who answers at which address."""

from __future__ import annotations

import pytest

from llmcost import CostMap
from llmcost.prices import hosts
from llmcost.prices.hosts import host, of_module
from llmcost.prices.vendors import family


def test_every_host_is_a_sellers_of_the_map():
    """A host that leads nowhere would price nothing: each provider of the tables has rows in the bundled map."""
    prices = CostMap.bundled()
    sellers = {family(str(prices[name].get("litellm_provider"))) for name in prices}
    exact = {found.provider for found in hosts._EXACT.values()}
    named = {*exact, *(seller for _, seller in hosts._PATTERNS), *hosts._MODULES.values()}
    assert sorted(seller for seller in named if family(seller) not in sellers) == []


@pytest.mark.parametrize(
    ("name", "provider", "region"),
    [
        ("API.groq.com", "groq", None),
        ("api.together.xyz", "together_ai", None),
        ("eu.api.openai.com", "openai", "eu"),
        ("us-east-1.api.x.ai", "xai", "us-east-1"),
        ("us.api.x.ai", "xai", "us"),
        ("api.mistral.ai", "mistral", None),
        ("api.eu.mistral.ai", "mistral", "eu"),
        ("us-api.together.ai", "together_ai", "us"),
        ("mine.openai.azure.com", "azure", None),
        ("mine.cognitiveservices.azure.us", "azure", None),
        ("westeurope.api.cognitive.microsoft.com", "azure", "westeurope"),
        ("mine.services.ai.azure.com", "azure_ai", None),
        ("mine.eastus.models.ai.azure.com", "azure_ai", "eastus"),
        ("models.inference.ai.azure.com", "azure_ai", None),
        ("bedrock-runtime-fips.us-east-1.amazonaws.com", "bedrock", "us-east-1"),
        ("bedrock-mantle.us-east-1.api.aws", "bedrock_mantle", "us-east-1"),
        ("runtime.sagemaker.eu-west-1.amazonaws.com", "sagemaker", "eu-west-1"),
        ("europe-west1-aiplatform.googleapis.com", "vertex_ai", "europe-west1"),
        ("aiplatform.googleapis.com", "vertex_ai", "global"),
        ("aiplatform.eu.rep.googleapis.com", "vertex_ai", "eu"),
        ("dbc-1.cloud.databricks.com", "databricks", None),
        ("adb-1.2.azuredatabricks.net", "databricks", None),
        ("acct.snowflakecomputing.com", "snowflake", None),
        ("us-south.ml.cloud.ibm.com", "watsonx", "us-south"),
        ("inference.generativeai.us-chicago-1.oci.oraclecloud.com", "oci", "us-chicago-1"),
    ],
)
def test_hosts_with_a_name_of_ones_own(name, provider, region):
    """What varies is the customer's name, or the region."""
    assert host(name) == (provider, region)
    assert host(f"{name}.example.com") is None


def test_a_client_of_one_seller():
    assert [of_module(name) for name in ("mistralai.client", "together", "openai", "anthropic")] == [
        "mistral",
        "together_ai",
        None,
        None,
    ]
