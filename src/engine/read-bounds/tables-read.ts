import type { LakeBounds } from "../lake-view.js";
import { type Node, nodes, record, text } from "../parse-tree.js";
import { boundsOfCondition, type ConstantOf } from "./bounds-of-condition.js";

/** Thrown where a statement reads something whose rows cannot be told beforehand. */
class Untold extends Error {}

/** Names of common table expressions that can be seen, in lower case. */
type Scope = ReadonlySet<string>;

/** A table after FROM, and whether conditions after WHERE hold for each of its rows that is read. */
interface Read {
  readonly table: Node;
  readonly isPlain: boolean;
}

/**
 * Each way in which a statement, parsed by json_serialize_sql, reads the table `name`: only rows within one of these bounds
 * can matter to its result. Undefined if that cannot be told, as of a statement that is no SELECT or reads other tables.
 */
export async function tableReads(
  parsed: Node,
  name: string,
  constantOf: ConstantOf,
): Promise<readonly LakeBounds[] | undefined> {
  const statements = nodes(parsed.statements);
  if (parsed.error !== false || statements.length !== 1) return undefined;
  const reading = new Reading(name, constantOf);
  try {
    await reading.visit(record(statements[0]).node, new Set());
    return reading.found;
  } catch (error) {
    if (error instanceof Untold) return undefined;
    throw error;
  }
}

class Reading {
  readonly found: LakeBounds[] = [];

  constructor(
    private readonly name: string,
    private readonly constantOf: ConstantOf,
  ) {}

  async visit(value: unknown, scope: Scope): Promise<void> {
    if (typeof value !== "object" || value === null) return;
    if (Array.isArray(value)) {
      for (const item of value) await this.visit(item, scope);
      return;
    }
    const node = record(value);
    const kind = text(node.type);
    if (UNTOLD.has(kind)) throw new Untold(kind);
    if (kind === "TABLE_FUNCTION") {
      const of = text(record(node.function).function_name).toLowerCase();
      if (!READ_NO_TABLE.has(of)) throw new Untold(of);
    }
    const inner = await this.#withTables(node.cte_map, scope);
    if (kind === "BASE_TABLE" && !this.#known(node, inner)) this.found.push({});
    const isOwn = kind === "CTE_NODE" || kind === "RECURSIVE_CTE_NODE";
    const seen = isOwn ? this.#withName(inner, text(node.cte_name)) : inner;
    if (kind === "SELECT_NODE") await this.#select(node, inner);
    for (const [key, child] of Object.entries(node)) {
      if (key === "cte_map" || (kind === "SELECT_NODE" && key === "from_table")) continue;
      await this.visit(child, key === "query" || key === "left" ? inner : seen);
    }
  }

  /** The tables of a SELECT, and what it demands of each. */
  async #select(node: Node, scope: Scope): Promise<void> {
    const reads: Read[] = [];
    await this.#from(record(node.from_table), true, scope, reads);
    const hidden = new Set(nodes(node.select_list).flatMap(hiddenBy));
    for (const { table, isPlain } of reads) {
      if (this.#known(table, scope)) continue;
      const isSampled = nodes([table.sample, node.sample]).length > 0;
      const isWhole = isPlain && !isSampled && nodes([table.column_name_alias]).every(isEmpty);
      const name = (text(table.alias) || text(table.table_name)).toLowerCase();
      const reference = { name, isAlone: reads.length === 1, hidden };
      this.found.push(
        isWhole ? await boundsOfCondition(record(node.where_clause), reference, this.constantOf) : {},
      );
    }
  }

  async #from(table: Node, isPlain: boolean, scope: Scope, reads: Read[]): Promise<void> {
    if (table.type === "BASE_TABLE") reads.push({ table, isPlain });
    else if (table.type === "JOIN") {
      const isTold = isPlain && ["REGULAR", "CROSS", "NATURAL"].includes(text(table.ref_type));
      await this.#from(record(table.left), isTold, scope, reads);
      await this.#from(record(table.right), isTold, scope, reads);
      await this.visit(table.condition, scope);
    } else await this.visit(table, scope);
  }

  /** True if a table is a common table expression; throws Untold if it is not the one that is looked for either. */
  #known(table: Node, scope: Scope): boolean {
    const name = text(table.table_name).toLowerCase();
    const isBare = text(table.schema_name) === "" && text(table.catalog_name) === "";
    if (!isBare || record(table.at_clause) === table.at_clause) throw new Untold(name);
    if (scope.has(name)) return true;
    if (name !== this.name) throw new Untold(name);
    return false;
  }

  async #withTables(map: unknown, scope: Scope): Promise<Scope> {
    let seen = scope;
    for (const entry of nodes(record(map).map)) {
      await this.visit(entry.value, seen);
      seen = this.#withName(seen, text(entry.key));
    }
    return seen;
  }

  #withName(scope: Scope, name: string): Scope {
    if (name.toLowerCase() === this.name) throw new Untold(name);
    return new Set([...scope, name.toLowerCase()]);
  }
}

/** What reads tables in ways of its own. */
const UNTOLD: ReadonlySet<string> = new Set([
  "PIVOT",
  "SHOW_REF",
  "BOUND_TABLE_REF",
  "COLUMN_DATA",
  "DELIM_GET",
]);
/** Functions after FROM that read no table; `query` and a person's own may read any. */
const READ_NO_TABLE: ReadonlySet<string> = new Set([
  ...["generate_series", "json_each", "json_tree", "range", "repeat", "unnest"],
  ...["read_csv", "read_csv_auto", "read_json", "read_json_auto", "read_ndjson", "read_parquet"],
]);

/** The name that an expression takes in the result, by which WHERE may mean it in place of a column. */
function hiddenBy({ alias, class: kind, column_names: names }: Node): string[] {
  const name = text(alias).toLowerCase();
  const isColumn = kind === "COLUMN_REF" && Array.isArray(names) && text(names.at(-1)).toLowerCase() === name;
  return name === "" || isColumn ? [] : [name];
}

function isEmpty(list: Node): boolean {
  return Array.isArray(list) && list.length === 0;
}
