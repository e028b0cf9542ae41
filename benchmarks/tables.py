"""Tables of calls: rows a second of one core, by engine and by what is asked for.

    python benchmarks/tables.py                      # a million rows, 60 models
    python benchmarks/tables.py --rows 10000000 --models 5000 --memory 300MB
    python benchmarks/tables.py --spark              # PySpark alone, on all cores of this machine, by the clock

It needs polars, duckdb, pandas and pyarrow. Times are of the processor (all threads), the best of three. The rate sheet
is made first, and its time stands in a line of its own. What loops over the rows with genai-prices and litellm is timed
on 2,000 of them and extrapolated.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import tempfile
import time
from datetime import datetime, timedelta, timezone
from multiprocessing import get_context
from pathlib import Path

import duckdb

import llmcost

METERS = ("input", "cache_read", "cache_write", "cache_write_1h", "input_audio", "output", "reasoning", "output_audio")
LOOPED = 2000


def calls(rows: int, models: int, path: Path) -> None:
    """Write a table of calls as Parquet: tiers and batches in 5 % of the rows, times over 1.6 years."""
    import polars as pl

    chosen = random.Random(20)  # noqa: S311 - test data
    cards = llmcost.CostMap()
    names = [name for name in cards if cards.rate_card(name).simple]
    chosen.shuffle(names)
    first = datetime(2025, 3, 1, tzinfo=timezone.utc)
    part = min(rows, 200_000)
    frame = pl.DataFrame(
        {
            "model": [names[n % models] for n in range(part)],
            **{m: [chosen.choice((0, 0, 17, 900, 12_000)) for _ in range(part)] for m in METERS},
            "service_tier": [
                chosen.choice(("priority", "flex")) if chosen.random() < 0.05 else None for _ in range(part)
            ],
            "batch": [chosen.random() < 0.05 for _ in range(part)],
            "time": [first + timedelta(seconds=chosen.randrange(50_000_000)) for _ in range(part)],
        }
    )
    pl.concat([frame] * (rows // part)).write_parquet(path)


def best(question, times: int = 3) -> tuple[float, float]:
    """Return the least processor time and the least wall time of a question."""
    cpus, walls = [], []
    for _ in range(times):
        cpu, wall = time.process_time(), time.perf_counter()
        question()
        cpus.append(time.process_time() - cpu)
        walls.append(time.perf_counter() - wall)
    return min(cpus), min(walls)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--models", type=int, default=60)
    options.add_argument("--memory", help="DuckDB's memory_limit, such as 300MB; then DuckDB alone runs")
    options.add_argument("--spark", action="store_true", help="PySpark alone: it needs pyspark and Java")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "calls.parquet"
        # In a process of its own, so that its memory is not counted.
        writer = get_context("spawn").Process(target=calls, args=(given.rows, given.models, path))
        writer.start()
        writer.join()
        if given.spark:
            measure_spark(path, given.rows)
        else:
            measure(path, given.rows, given.memory)


def measure(path: Path, rows: int, memory: str | None) -> None:
    connection = duckdb.connect()
    if memory:
        connection.execute(f"SET memory_limit = '{memory}'")
    cpu = time.process_time()
    sheet = llmcost.rate_sheet(connection.read_parquet(str(path)))
    print(f"{sheet!r}\nthe sheet: {time.process_time() - cpu:.2f} cpu-seconds\n")
    print(f"{'engine':<10}{'asked for':<34}{'M rows / cpu-s':>15}{'wall s':>9}")

    def shown(engine: str, what: str, question) -> None:
        cpu, wall = best(question)
        print(f"{engine:<10}{what:<34}{rows / cpu / 1e6:>15.2f}{wall:>9.2f}", flush=True)

    def priced(frame, money="units", keep=("cost",)):
        return llmcost.price_table(frame, sheet=sheet, money=money, keep=keep)

    def duck(**asked):
        return priced(connection.read_parquet(str(path)), **asked)

    shown("DuckDB", "sum of cost", lambda: list(duck().aggregate("sum(cost)").fetchall()))
    shown("DuckDB", "sum of cost, float", lambda: duck(money="float").aggregate("sum(cost)").fetchall())
    out = str(path.with_name("out.parquet"))
    shown(
        "DuckDB",
        "written: cost, status",
        lambda: duck(keep=("cost", "status")).select("model, cost, status").write_parquet(out),
    )
    shown("DuckDB", "written: everything", lambda: duck(keep=None).write_parquet(out))
    if memory:
        print(f"\nmost memory of the process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
        return
    # Not before: their memory is not DuckDB's.
    import pandas as pd
    import polars as pl

    shown("Polars", "sum of cost", lambda: priced(pl.scan_parquet(path)).select(pl.col("cost").sum()).collect())
    shown(
        "Polars",
        "sum of cost, float",
        lambda: priced(pl.scan_parquet(path), "float").select(pl.col("cost").sum()).collect(),
    )
    shown(
        "Polars",
        "written: cost, status",
        lambda: (
            priced(pl.scan_parquet(path), keep=("cost", "status")).select("model", "cost", "status").sink_parquet(out)
        ),
    )
    shown("Polars", "written: everything", lambda: priced(pl.scan_parquet(path), keep=None).sink_parquet(out))
    frame = pd.read_parquet(path, dtype_backend="pyarrow")
    shown("pandas", "sum of cost (Arrow types)", lambda: float(priced(frame)["cost"].sum()))
    print(f"\nmost memory of the process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB\n")
    loops(pl.read_parquet(path, n_rows=LOOPED).to_dicts())


def measure_spark(path: Path, rows: int) -> None:
    """Print what a table, and one of a quarter of its rows, take: their difference is free of what a job takes."""
    from pyspark.sql import SparkSession

    cores = os.cpu_count() or 1
    settings = {
        "spark.sql.session.timeZone": "UTC",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.memory": "4g",
    }
    builder = SparkSession.builder.master(f"local[{cores}]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    whole = spark.read.parquet(str(path))
    part = path.with_name("part.parquet")
    whole.limit(rows // 4).write.parquet(str(part))
    sheet = llmcost.rate_sheet(whole)
    out = str(path.with_name("out.parquet"))

    def summed(frame) -> None:
        llmcost.price_table(frame, sheet=sheet, money="units", keep=("cost",)).selectExpr("sum(cost)").collect()

    def written(frame) -> None:
        priced = llmcost.price_table(frame, sheet=sheet, keep=("cost", "status"))
        priced.select("model", "cost", "status").write.mode("overwrite").parquet(out)

    print(f"{sheet!r}\n{cores} cores\n{'asked for':<24}{'wall s, a quarter':>18}{'wall s':>9}{'M rows / core-s':>17}")
    for what, question in {"sum of cost": summed, "written: cost, status": written}.items():
        seconds = [best(lambda frame=frame: question(frame))[1] for frame in (spark.read.parquet(str(part)), whole)]  # noqa: B023
        slope = (rows - rows // 4) / (seconds[1] - seconds[0]) / cores / 1e6
        print(f"{what:<24}{seconds[0]:>18.2f}{seconds[1]:>9.2f}{slope:>17.2f}", flush=True)


def loops(rows: list[dict]) -> None:
    """Print the rows a second of what prices one call after the other, from a few of them."""
    usages = [{"prompt_tokens": row["input"], "completion_tokens": row["output"]} for row in rows]

    def calculate() -> None:
        for row, usage in zip(rows, usages, strict=True):
            llmcost.calculate(usage=usage, model=row["model"]).response_cost

    found = {"llmcost.calculate": calculate}
    try:
        os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
        import litellm

        litellm.suppress_debug_info = True

        def with_litellm() -> None:
            for row, usage in zip(rows, usages, strict=True):
                try:
                    litellm.cost_per_token(row["model"], usage["prompt_tokens"], usage["completion_tokens"])
                except Exception:  # noqa: BLE001, S112 - a model that it does not know raises one of many
                    continue

        found["litellm"] = with_litellm
    except ImportError:
        print("litellm is not installed")
    try:
        from genai_prices import Usage, calc_price

        def with_genai_prices() -> None:
            for row in rows:
                try:
                    calc_price(Usage(input_tokens=row["input"], output_tokens=row["output"]), row["model"])
                except LookupError:
                    continue

        found["genai-prices"] = with_genai_prices
    except ImportError:
        print("genai-prices is not installed")
    for name, loop in found.items():
        cpu, _ = best(loop)
        print(f"{name:<28}{len(rows) / cpu / 1e6:>10.3f} M rows / cpu-s, from {len(rows):,} rows")


if __name__ == "__main__":
    main()
