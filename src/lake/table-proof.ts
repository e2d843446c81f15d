import type { Fault } from "./fault.js";
import { PARTITION_COLUMNS, parseSchema, schemaString } from "./schema.js";
import type { Snapshot } from "./snapshot.js";

/** Columns and partitions that the log gives the table otherwise than a lake has them. More columns are no fault. */
export function wrongTable(snapshot: Snapshot): Fault[] {
  const types = new Map(snapshot.schema.map(({ name, type }) => [name, type]));
  const faults = parseSchema(schemaString()).flatMap(({ name, type }): Fault[] => {
    const found = types.get(name);
    if (found === type) return [];
    return [
      { what: `column ${name} of the table's schema`, found: found ?? "no such column", expected: type },
    ];
  });
  const [found, expected] = [snapshot.metaData.partitionColumns, PARTITION_COLUMNS].map((names) =>
    names.join(", "),
  );
  if (found === expected) return faults;
  return [
    ...faults,
    { what: "partition columns of the table", found: found ?? "", expected: expected ?? "" },
  ];
}
