import { FIELDS } from "../../../../browser.js";

/** What may be written, and how it stands in SQL. */
export interface Completion {
  readonly label: string;
  readonly kind: "table" | "column" | "function" | "keyword" | "event type" | "property";
  readonly text: string;
}

/** Names of the lake that can be completed. */
export interface LakeNames {
  readonly events: readonly string[];
  readonly properties: readonly string[];
  readonly hasPromoted: boolean;
}

const KEYWORDS =
  `SELECT FROM WHERE GROUP BY ORDER LIMIT HAVING WITH AS AND OR NOT IN IS NULL LIKE ILIKE BETWEEN CASE WHEN THEN ELSE END
  JOIN LEFT INNER USING ON DISTINCT UNION ALL EXCEPT INTERVAL DATE TIMESTAMP OVER PARTITION QUALIFY FILTER DESC ASC DESCRIBE SUMMARIZE`.split(
    /\s+/,
  );
const FUNCTIONS =
  `count sum avg min max median mode quantile_cont approx_count_distinct arg_max arg_min string_agg list date_trunc time_bucket
  strftime date_diff epoch extract coalesce nullif greatest least lower upper trim length contains starts_with regexp_matches
  regexp_extract replace split_part concat round floor ceil abs row_number rank lag lead first_value last_value json_extract_string
  json_keys json_each unnest list_filter list_transform len range`.split(/\s+/);
const MOST = 12;
const WORD = /[\w$]*$/;

/** The word before the cursor: where it begins, and what it is. */
export function wordBefore(sql: string, cursor: number): { readonly start: number; readonly word: string } {
  const word = WORD.exec(sql.slice(0, cursor))?.[0] ?? "";
  return { start: cursor - word.length, word };
}

/** What the word may become, the likeliest first: names that begin with it, then such as have it in them. */
export function completionsOf(word: string, names: LakeNames): readonly Completion[] {
  const wanted = word.toLowerCase();
  if (wanted === "") return [];
  const begins: Completion[] = [];
  const has: Completion[] = [];
  for (const completion of all(names)) {
    const label = completion.label.toLowerCase();
    if (label === wanted) continue;
    if (label.startsWith(wanted)) begins.push(completion);
    else if (label.includes(wanted)) has.push(completion);
  }
  return [...begins, ...has].slice(0, MOST);
}

function* all({ events, properties, hasPromoted }: LakeNames): Generator<Completion> {
  for (const label of hasPromoted ? ["events", "promoted"] : ["events"])
    yield { label, kind: "table", text: label };
  for (const { name } of FIELDS)
    yield { label: name, kind: "column", text: /^[a-z_]\w*$/.test(name) ? name : `"${name}"` };
  for (const label of KEYWORDS) yield { label, kind: "keyword", text: label };
  for (const label of FUNCTIONS) yield { label, kind: "function", text: `${label}(` };
  for (const label of events) yield { label, kind: "event type", text: literal(label) };
  for (const label of properties) {
    const column = label.startsWith("user_properties.") ? "user_properties" : "event_properties";
    const key = label.startsWith("user_properties.") ? label.slice("user_properties.".length) : label;
    yield { label, kind: "property", text: `(${column}->>${literal(key)})` };
  }
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
