/** What SQL is written with. */
interface Words {
  literal(text: string): string;
}

/** How a search finds an event's user: a condition, and how well it holds (0: an id is what was searched). */
export interface SearchSql {
  readonly found: string;
  readonly rank: string;
}

/** The condition that `search` is, or is part of, one of an event's ids or of a value of its user properties. */
export function searchSql(search: string, { literal }: Words): SearchSql {
  if (search === "") return { found: "true", rank: "0" };
  const part = `lower(${literal(search)})`;
  const ids = ["user_id", "device_id", "CAST(amplitude_id AS VARCHAR)"];
  const is = ids.map((id) => `${id} = ${literal(search)}`).join(" OR ");
  const has = [
    ...["user_id", "device_id"].map((id) => `contains(lower(${id}), ${part})`),
    `starts_with(CAST(amplitude_id AS VARCHAR), ${part})`,
  ].join(" OR ");
  const value = valueSql(search, literal);
  return {
    found: `(${has} OR ${value})`,
    rank: `CASE WHEN coalesce(${is}, false) THEN 0 WHEN coalesce(${has}, false) THEN 1 ELSE 2 END`,
  };
}

/** The condition that a value in `user_properties`, not a name, has `search` in it. */
function valueSql(search: string, literal: Words["literal"]): string {
  const json = JSON.stringify(search).slice(1, -1).toLowerCase();
  const pattern = json.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  // A name is followed by a colon; between quotes there is a quote only behind a backslash.
  const inText = `"(?:[^"\\\\]|\\\\.)*${pattern}(?:[^"\\\\]|\\\\.)*"\\s*[,}\\]]`;
  const inNumber = `[:\\[,]\\s*[-0-9.e+]*${pattern}[-0-9.e+]*\\s*[,}\\]]`;
  const shape = /^[-0-9.e+]+$/.test(json) ? `${inText}|${inNumber}` : inText;
  const lower = "lower(user_properties)";
  // A CASE looks for the shape only where the text is; AND within OR looks at every event.
  return `CASE WHEN contains(${lower}, ${literal(json)}) THEN regexp_matches(${lower}, ${literal(shape)}) ELSE false END`;
}

/** The first user property whose value has `search` in it; null if there is none. */
export function matchedProperty(
  properties: string | null,
  search: string,
): { readonly property: string; readonly value: string } | null {
  const parsed: unknown = JSON.parse(properties ?? "{}");
  if (typeof parsed !== "object" || parsed === null) return null;
  for (const [property, value] of Object.entries(parsed)) {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    if (text.toLowerCase().includes(search.toLowerCase())) return { property, value: text };
  }
  return null;
}
