import { EXTRA, FIELDS, type FieldKind, UPLOAD_DATE } from "../event.js";

/** A column of a Delta table: `type` is Delta's word for a simple type, or its JSON for a nested one. */
export interface TableColumn {
  readonly name: string;
  readonly type: string;
}

const DELTA_TYPES: Readonly<Record<FieldKind, string>> = {
  text: "string",
  json: "string",
  int: "long",
  double: "double",
  boolean: "boolean",
  time: "timestamp",
};

/** The columns by which the table is split into folders; they are not in the data files. */
export const PARTITION_COLUMNS: readonly string[] = ["app", UPLOAD_DATE];

/** The schema of the lake's table as Delta writes it: the 55 fields, `extra`, `upload_date`. */
export function schemaString(): string {
  const column = (name: string, type: string, comment: string) => ({
    name,
    type,
    nullable: true,
    metadata: { comment },
  });
  return JSON.stringify({
    type: "struct",
    fields: [
      ...FIELDS.map((field) => column(field.name, DELTA_TYPES[field.kind], field.meaning)),
      column(EXTRA, "string", "JSON object of unknown keys and of values their column could not hold"),
      column(UPLOAD_DATE, "date", "UTC date of server_upload_time"),
    ],
  });
}

/** The columns in a Delta schema, in order. Throws SyntaxError if `text` is not JSON. */
export function parseSchema(text: string): TableColumn[] {
  const schema: { fields?: { name: string; type: unknown }[] } = JSON.parse(text);
  return (schema.fields ?? []).map(({ name, type }) => ({
    name,
    type: typeof type === "string" ? type : JSON.stringify(type),
  }));
}
