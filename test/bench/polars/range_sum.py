"""Range, times 2, keep multiples of 3, plus 1, sum: range_sum.py RECORDS"""

import sys

import polars as pl

count = int(sys.argv[1])
numbers = pl.LazyFrame().select(n=pl.int_range(1, count + 1, dtype=pl.Int64))
result = (
    numbers.select(pl.col("n") * 2)
    .filter(pl.col("n") % 3 == 0)
    .select((pl.col("n") + 1).sum())
    .collect(engine="streaming")
)
print(result.item())
