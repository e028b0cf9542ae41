"""Whole tables of calls: priced by columns, with the answers that ``calculate`` gives for each row."""
