"""A floor: DuckDB reads all members and decodes all columns; an aggregate over each forces that, nothing is kept.

Usage: floor_duckdb.py MEMBERS FIELDS.json
"""

import json
import sys

import duckdb
from read_json import members_of, read_json

members, fields = sys.argv[1:]
with open(fields) as file:
    fields = json.load(file)

connection = duckdb.connect()
connection.execute("SET preserve_insertion_order = false")
counts = ", ".join(f'count("{field["name"]}")' for field in fields)
query = f"SELECT count(*), {counts} FROM {read_json(fields)}"
rows, *values = connection.execute(query, [members_of(members)]).fetchone()

print(json.dumps({"rows": rows, "values": sum(values)}))
