"""Keep status 200, sum bytes by user, top 10: events_top.py ndjson|csv|parquet FILE"""

import sys

import polars as pl

form, path = sys.argv[1:]
scan = {"ndjson": pl.scan_ndjson, "csv": pl.scan_csv, "parquet": pl.scan_parquet}
events = scan[form](path)
top = (
    events.filter(pl.col("status") == 200)
    .group_by("user")
    .agg(pl.col("bytes").sum())
    .top_k(10, by="bytes")
    .sort("bytes", descending=True)
    .collect(engine="streaming")
)
for user, total in top.iter_rows():
    print(f"{user}\t{total}")
