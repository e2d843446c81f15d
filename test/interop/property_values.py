"""Compares the values of frames with the exports they come from.

    python property_values.py FRAMES EXPORT...

EXPORT are NDJSON files or gzip of them, or JSON objects one after the other. FRAMES is NDJSON: of each frame first its head,
{"frame": name, "events": type or null, "all": bool, "columns": [{"column", "path", "type"}]}, then {"uuid", "values"} for
each row. Numbers in "values" are texts in an object: {"int": "…"}, {"double": "…"}; timestamps {"int"} of microseconds.
Numbers of the exports are never made into floats but to compare: they are kept as their text. It prints JSON: how many
values it compared, and those that differ. It knows docs/properties.md and nothing of ampframe's code.
"""

import gzip
import json
import re
import sys
from collections import Counter
from datetime import datetime, timedelta, timezone
from decimal import Decimal

sys.set_int_max_str_digits(0)
COLUMNS = ["event_properties", "user_properties", "group_properties", "global_user_properties"]
MISSING = object()


class Number(str):
    """A number as its text."""

    @property
    def whole(self):
        return re.fullmatch(r"-?\d+", self) is not None


class Object(list):
    """The keys and values of an object, in order, with what comes twice."""

    def get(self, key):
        return next((value for k, value in self if k == key), MISSING)


decoder = json.JSONDecoder(
    parse_int=Number, parse_float=Number, parse_constant=Number, object_pairs_hook=Object, strict=False
)


def events_in(path):
    with open(path, "rb") as file:
        data = file.read()
    text = (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8")
    at = 0
    while True:
        while at < len(text) and text[at] in " \t\r\n":
            at += 1
        if at == len(text):
            return
        event, at = decoder.raw_decode(text, at)
        yield event


def has_half_pair(value):
    if isinstance(value, Object):
        return any(has_half_pair(key) or has_half_pair(inner) for key, inner in value)
    if isinstance(value, list):
        return any(map(has_half_pair, value))
    return isinstance(value, str) and re.search("[\ud800-\udfff]", value) is not None


def objects_of(event, column):
    """The object of a column as paths lead through it."""
    found = event.get(column)
    if column != "group_properties" or not isinstance(found, Object):
        return found
    firsts = Object()
    for key, groups in found:
        firsts.append((key, groups[0][1] if isinstance(groups, Object) and groups else None))
    return firsts


def value_at(event, column, path):
    if column == "group_properties" and len(path) == 1:
        found = event.get(column)
    else:
        found = objects_of(event, column)
    for key in path:
        if not isinstance(found, Object):
            return None
        found = found.get(key)
    return None if found is MISSING else found


def paths_in(value, above=()):
    """Every path in an object that leads to something other than an object or null."""
    if not isinstance(value, Object):
        return
    for key in dict.fromkeys(key for key, _ in value):
        inner = value.get(key)
        if isinstance(inner, Object):
            yield from paths_in(inner, (*above, key))
        elif inner is not None:
            yield (*above, key)


INSTANT = re.compile(
    r"([1-9]\d{3})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(?:Z|([+-])(\d\d)(?::?(\d\d))?)", re.ASCII
)


def micros(text):
    """Microseconds since 1970 of an instant; None if the text is none."""
    found = INSTANT.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, fraction, sign, hours, minutes = found.groups()
    try:
        time = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second), tzinfo=timezone.utc)
    except ValueError:
        return None
    if int(hours or 0) > 23 or int(minutes or 0) > 59:
        return None
    offset = (int(hours or 0) * 60 + int(minutes or 0)) * (-60 if sign == "-" else 60)
    seconds = (time - datetime(1970, 1, 1, tzinfo=timezone.utc)) // timedelta(seconds=1)
    return (seconds - offset) * 1_000_000 + int((fraction or "0").ljust(6, "0"))


def kind(value):
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, Number):
        if value.whole:
            size = abs(int(value))
            if size <= 2**53:
                return "int53"
            return "int64" if -(2**63) <= int(value) < 2**63 else "integer"
        return "number" if float(value) in (float("inf"), float("-inf")) else "double"
    if isinstance(value, str):
        return "text" if micros(value) is None else "time"
    return "object" if isinstance(value, Object) else "list"


def type_of(values):
    """The type that docs/properties.md promises for these values, none of them null."""
    kinds = {kind(value) for value in values}
    if "object" in kinds:
        return "json"
    if "list" in kinds:
        items = [item for value in values if isinstance(value, list) for item in value if item is not None]
        if kinds != {"list"} or any(isinstance(item, list) for item in items):
            return "json"
        return f"list<{type_of(items)}>"
    if kinds == {"boolean"}:
        return "boolean"
    if kinds and kinds <= {"int53", "int64"}:
        return "int64"
    if kinds and kinds <= {"int53", "double"}:
        return "double"
    return "timestamp" if kinds == {"time"} else "text"


def same_number(text, source):
    """Integers to the digit; others as doubles, or to the digit where a double is too small."""
    if source.whole:
        return re.fullmatch(r"-?\d+", text) is not None and int(text) == int(source)
    if float(source) in (float("inf"), float("-inf")):
        return Decimal(text) == Decimal(source)
    return float(text) == float(source)


def same_json(got, source):
    if isinstance(source, Object):
        return (
            isinstance(got, Object)
            and [key for key, _ in got] == [key for key, _ in source]
            and all(same_json(a, b) for (_, a), (_, b) in zip(got, source))
        )
    if isinstance(source, list):
        return (
            isinstance(got, list)
            and not isinstance(got, Object)
            and len(got) == len(source)
            and all(map(same_json, got, source))
        )
    if isinstance(source, Number):
        return isinstance(got, Number) and same_number(got, source)
    return type(got) is type(source) and got == source


def same(got, source, type):
    """Whether a row's value, of a column of this type, is what the export has."""
    if source is None:
        return got is None
    if type == "json":
        return isinstance(got, str) and same_json(decoder.decode(got), source)
    if type.startswith("list<"):
        inner = type[len("list<") : -1]
        return isinstance(got, list) and len(got) == len(source) and all(same(a, b, inner) for a, b in zip(got, source))
    if type == "text":
        if isinstance(source, bool):
            return got == ("true" if source else "false")
        if isinstance(source, Number):
            return isinstance(got, str) and same_number(got, source)
        return got == source
    if type == "boolean":
        return got is source
    if not isinstance(got, dict):
        return False
    if type == "timestamp":
        return got.get("int") == str(micros(source))
    if type == "int64":
        return "int" in got and same_number(got["int"], source)
    return "double" in got and float(got["double"]) == float(source)


def short(value):
    text = value if isinstance(value, Number) else json.dumps(value)
    return text if len(text) < 200 else text[:200] + "…"


def main(frames, exports):
    events = {}
    refused = 0
    for path in exports:
        for event in events_in(path):
            if has_half_pair(event):
                refused += 1
            else:
                events.setdefault(event.get("uuid"), event)
    report = {"events": len(events), "refused": refused, "frames": 0, "values": 0, "types": Counter(), "differ": []}
    head, rows, seen = None, [], set()

    def differ(what, expected, got):
        report["differ"].append(f"{head['frame']}: {what}: expected {expected}, got {got}")

    def close():
        if head is None:
            return
        report["frames"] += 1
        of = head["events"]
        wanted = [uuid for uuid, event in events.items() if of is None or event.get("event_type") == of]
        if sorted(rows) != sorted(wanted):
            differ("events", len(wanted), f"{len(rows)}, {len(set(rows))} of them different")
        if head["all"]:
            paths = Counter((c, p) for uuid in wanted for c in COLUMNS for p in set(paths_in(objects_of(events[uuid], c))))
            there = {(column["column"], tuple(column["path"])) for column in head["columns"]}
            # What is an object in one event and a number in the other has a column as well as its parts.
            if set(paths) != there or len(there) != len(head["columns"]):
                differ("properties", short(sorted(set(paths) - there)), short(sorted(there - set(paths))))
        for column in head["columns"]:
            if column.get("forced"):
                continue
            values = [value_at(events[uuid], column["column"], column["path"]) for uuid in wanted]
            expected = type_of([value for value in values if value is not None])
            report["types"][expected] += 1
            if column["type"] != expected:
                differ(f"type of {column['column']} {short(column['path'])}", expected, column["type"])

    with open(frames, encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            if "frame" in row:
                close()
                head, rows = row, []
                continue
            rows.append(row["uuid"])
            event = events[row["uuid"]]
            for column, got in zip(head["columns"], row["values"], strict=True):
                source = value_at(event, column["column"], column["path"])
                report["values"] += 1
                if not same(got, source, column["type"]):
                    differ(f"{row['uuid']} {column['column']} {short(column['path'])}", short(source), short(got))
    close()
    report["differ"], report["differing"] = report["differ"][:40], len(report["differ"])
    json.dump(report, sys.stdout)


main(sys.argv[1], sys.argv[2:])
