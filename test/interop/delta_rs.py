"""Reads and rewrites a lake with delta-rs, an independent implementation of Delta Lake.

Usage: delta_rs.py COMMAND DIR [ARGUMENTS]; prints one JSON object.
"""

import json
import os
import sys

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
from deltalake import DeltaTable


def facts(table):
    """Everything that must equal what was written."""
    rows = table.to_pyarrow_table()
    times = {
        name: [pc.min(rows[name]).value, pc.max(rows[name]).value]
        for name in rows.column_names
        if pa.types.is_timestamp(rows[name].type)
    }
    per_folder = rows.group_by(["app", "upload_date"]).aggregate([([], "count_all")]).to_pylist()
    return {
        "version": table.version(),
        "schema": {field.name: str(field.type.type) for field in table.schema().fields},
        "arrow": {field.name: str(field.type) for field in rows.schema},
        "comment": table.schema().fields[0].metadata.get("comment"),
        "partitionColumns": table.metadata().partition_columns,
        "configuration": table.metadata().configuration,
        "files": len(table.file_uris()),
        "rows": rows.num_rows,
        "uuids": len(pc.unique(rows["uuid"])),
        "amplitudeIds": str(sum(value for value in rows["amplitude_id"].to_pylist() if value is not None)),
        "latitudes": pc.sum(rows["location_lat"]).as_py(),
        "paying": pc.sum(pc.cast(rows["paying"], pa.int64())).as_py(),
        "letters": pc.sum(pc.utf8_length(rows["event_properties"])).as_py(),
        "times": {name: [None if v is None else str(v) for v in span] for name, span in times.items()},
        "folders": {
            f"{row['app']}/{row['upload_date']}": row["count_all"] for row in per_folder
        },
        "stats": sum(table.get_add_actions(flatten=True).column("num_records").to_pylist()),
    }


def skipping(table, start, end):
    """How many files a range of event_time (microseconds, end exclusive) opens, of how many, and its rows."""
    data = table.to_pyarrow_dataset()
    kind = data.schema.field("event_time").type
    bounds = [pa.scalar(int(text), pa.int64()).cast(pa.timestamp("us")).cast(kind) for text in (start, end)]
    chosen = (ds.field("event_time") >= bounds[0]) & (ds.field("event_time") < bounds[1])
    return {
        "files": len(list(data.get_fragments())),
        "opened": len(list(data.get_fragments(filter=chosen))),
        "rows": data.to_table(filter=chosen, columns=["uuid"]).num_rows,
    }


def main():
    command, path, *arguments = sys.argv[1:]
    table = DeltaTable(path)
    if command == "facts":
        result = facts(table)
    elif command == "skipping":
        result = skipping(table, *arguments)
    elif command == "transaction":
        result = {"version": table.transaction_version(arguments[0])}
    elif command == "checkpoint":
        table.create_checkpoint()
        result = {"version": table.version()}
    elif command == "cleanup":
        table.cleanup_metadata()
        result = {"version": table.version()}
    elif command == "compact":
        result = table.optimize.compact()
    elif command == "vacuum":
        removed = table.vacuum(retention_hours=0, enforce_retention_duration=False, dry_run=False, full=True)
        result = {"removed": removed}
    else:
        raise SystemExit(f"unknown command {command}")
    print(json.dumps(result, default=str), flush=True)


main()
# At once: Arrow's threads may outlast the interpreter, which then aborts.
os._exit(0)
