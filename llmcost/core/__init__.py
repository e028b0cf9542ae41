"""The engine: usage x tariff -> line items. Standard library only: no I/O, no clock, no globals."""
