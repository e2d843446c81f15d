"""A good polars script by hand: all members to one DataFrame in memory, schema given, streaming engine.

Objects and lists stay JSON text, as ampframe keeps them; times become datetimes in microseconds, UTC.
Usage: polars_frame.py MEMBERS FIELDS.json
"""

import glob
import json
import os
import sys

import polars as pl

TYPES = {
    "text": pl.String,
    "json": pl.String,
    "int": pl.Int64,
    "double": pl.Float64,
    "boolean": pl.Boolean,
    "time": pl.String,
}

members, fields = sys.argv[1:]
with open(fields) as file:
    fields = json.load(file)

df = (
    pl.scan_ndjson(
        sorted(glob.glob(os.path.join(glob.escape(members), "*.json.gz"))),
        schema={field["name"]: TYPES[field["kind"]] for field in fields},
    )
    .with_columns(
        pl.col(field["name"]).str.to_datetime("%Y-%m-%d %H:%M:%S%.6f", time_unit="us", time_zone="UTC")
        for field in fields
        if field["kind"] == "time"
    )
    .collect(engine="streaming")
)

values = df.height * df.width - sum(df.null_count().row(0))
print(json.dumps({"rows": df.height, "values": values}))
