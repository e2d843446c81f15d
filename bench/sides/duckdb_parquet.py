"""A good DuckDB script by hand: members to one zstd Parquet file, column types given, order of rows left free.

Usage: duckdb_parquet.py MEMBERS FIELDS.json WORK
"""

import json
import os
import sys

import duckdb
from read_json import members_of, read_json

members, fields, work = sys.argv[1:]
with open(fields) as file:
    source = read_json(json.load(file))

connection = duckdb.connect()
connection.execute("SET preserve_insertion_order = false")
target = os.path.join(work, "events.parquet").replace("'", "''")
copy = f"COPY (FROM {source}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)"
(rows,) = connection.execute(copy, [members_of(members)]).fetchone()

print(json.dumps({"rows": rows, "outputBytes": os.path.getsize(target)}))
