"""Top 5 pages of an access log: top_pages.py LOG"""

import sys

import polars as pl

columns = ["host", "ident", "account", "day", "zone", "request", "status", "bytes", "referrer", "agent"]
log = pl.scan_csv(
    sys.argv[1], separator=" ", has_header=False, schema={name: pl.String for name in columns}
)
top = (
    log.select(page=pl.col("request").str.split(" ").list.get(1))
    .group_by("page")
    .len()
    .top_k(5, by="len")
    .sort("len", descending=True)
    .collect(engine="streaming")
)
for page, hits in top.iter_rows():
    print(f"{page}\t{hits}")
