"""Headings over the options of a command that has many: one for each thing that they are about."""

from __future__ import annotations

import click

from llmcost.api.facts import FACTS

from ._usage import QUANTITIES

PRICES = ("config", "base", "registered", "prices")
OUTPUT = ("totals", "every_row", "by", "as_json", "as_csv", "verbose", "exact")


class Headed(click.Command):
    """A command whose help has a heading for each kind of option."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options under their headings."""
        options: dict[str, list[tuple[str, str]]] = {title: [] for title in TITLES}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx) if isinstance(parameter, click.Option) else None
            if record is not None:
                options[_title(parameter)].append(record)
        for title, records in options.items():
            if records:
                with formatter.section(title):
                    formatter.write_dl(records)


TITLES = ("Output", "Input", "A call without a file", "What was called", "Prices")


def _title(parameter: click.Parameter) -> str:
    name = parameter.name or ""
    if name in OUTPUT or "--help" in parameter.opts:
        return "Output"
    if name in PRICES:
        return "Prices"
    if name in QUANTITIES or name == "meters":
        return "A call without a file"
    return "What was called" if name in FACTS else "Input"
