"""Counts the rows and the distinct uuids of a lake without ampframe: the Delta log as it lies, DuckDB for Parquet.

Usage: lake_rows.py LAKE
"""

import glob
import json
import os
import sys
import urllib.parse

import duckdb

(lake,) = sys.argv[1:]
files = set()
for path in sorted(glob.glob(os.path.join(glob.escape(lake), "_delta_log", "*.json"))):
    with open(path) as log:
        for line in log:
            action = json.loads(line)
            if "add" in action:
                files.add(action["add"]["path"])
            elif "remove" in action:
                files.discard(action["remove"]["path"])

paths = [os.path.join(lake, urllib.parse.unquote(path)) for path in sorted(files)]
rows, uuids = duckdb.execute("SELECT count(*), count(DISTINCT uuid) FROM read_parquet(?)", [paths]).fetchone()
size = sum(os.path.getsize(path) for path in paths)

print(json.dumps({"rows": rows, "uuids": uuids, "outputBytes": size}))
