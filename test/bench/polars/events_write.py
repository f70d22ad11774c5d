"""Keep status 200, derive two fields, write NDJSON: events_write.py FROM TO"""

import sys

import polars as pl

source, target = sys.argv[1:]
(
    pl.scan_ndjson(source)
    .filter(pl.col("status") == 200)
    .with_columns(kb=pl.col("bytes") // 1024, slow=pl.col("ms") > 500)
    .sink_ndjson(target)
)
