"""The engine: usage x tariff -> line items. Standard library only: no I/O, no clock, no globals."""

# Of llmcost: what price data may need.
VERSION = "0.2.0.dev0"
