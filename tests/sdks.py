"""The classes of the providers' SDKs, by their full names.

A class is imported where a test uses it. Without its SDK that test is skipped, and its file is collected all the same.
With ``LLMCOST_TESTS=complete`` a package of the extra ``test`` that is missing is a failure.
"""

from __future__ import annotations

import os
from importlib import import_module

import pytest

SDKS = ("openai", "anthropic", "google.genai", "mistralai", "cohere", "groq", "together")
# What tables of calls are kept in, and what reads their SQL.
TABLES = ("narwhals", "polars", "pyarrow", "duckdb", "sqlglot")
# What is told of costs.
TOLD = (
    "opentelemetry.sdk",
    "opentelemetry.exporter.otlp.proto.http",
    "fastapi",
    "langchain_core",
    "prometheus_client",
)
# What else the extra ``test`` brings: tables, the library whose names are taken over, an encoding, a cloud's client,
# another kind of loop, another version of HTTP.
OTHERS = ("numpy", "pandas", "litellm", "brotli", "zstandard", "orjson", "boto3", "trio", "h2", *TABLES, *TOLD)


def optional(name):
    """Return a package that not every environment has; without it the test that asks is skipped."""
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        # A package that lacks one of its own modules is broken and not missing.
        if error.name != name and not name.startswith(f"{error.name}."):
            raise
        if os.environ.get("LLMCOST_TESTS") == "complete":
            pytest.fail(f"{name} is not installed, and LLMCOST_TESTS=complete asks for every package", pytrace=False)
        pytest.skip(f"{name} is not installed")


def module(name):
    """Return a module of an SDK."""
    optional(next(sdk for sdk in SDKS if f"{name}.".startswith(f"{sdk}.")))
    return import_module(name)


class Kind:
    """A class of an SDK; it is made and called like the class itself."""

    def __init__(self, name):
        self._module, _, self._name = name.rpartition(".")

    def load(self):
        """Return the class itself."""
        return getattr(module(self._module), self._name)

    def __call__(self, **fields):
        return self.load()(**fields)

    def construct(self, **fields):
        """Return an object of what came over the wire, unchecked and with its nested objects, as the SDKs build it."""
        return self.load().construct(**fields)

    def model_validate(self, value):
        """Return an object of checked values."""
        return self.load().model_validate(value)

    def event(self, value):
        """Return an event of a stream, as the SDK builds it where this is the union of all of them."""
        kind = self.load()
        return module(f"{self._module.partition('.')[0]}._models").construct_type(type_=kind, value=value)
