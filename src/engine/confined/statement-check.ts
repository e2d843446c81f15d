import { QueryError } from "../../errors/index.js";
import { type Node, record, text } from "../parse-tree.js";
import { ALLOWED_FUNCTIONS, ALLOWED_TABLE_FUNCTIONS } from "./allowed-functions.js";

/** Kinds of expressions that read nothing by themselves. */
const EXPRESSIONS: ReadonlySet<string> = new Set([
  ...[
    "BETWEEN",
    "CASE",
    "CAST",
    "COLLATE",
    "COLUMN_REF",
    "COMPARISON",
    "CONJUNCTION",
    "CONSTANT",
    "FUNCTION",
  ],
  ...["LAMBDA", "LAMBDA_REF", "OPERATOR", "POSITIONAL_REFERENCE", "STAR", "SUBQUERY", "TYPE", "WINDOW"],
]);
/** Kinds of queries, of what stands after FROM, and of what follows it. */
const PARTS: ReadonlySet<string> = new Set([
  ...["SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"],
  ...["BASE_TABLE", "EMPTY", "EXPRESSION_LIST", "JOIN", "PIVOT", "SHOW_REF", "SUBQUERY", "TABLE_FUNCTION"],
  ...["DISTINCT_MODIFIER", "LIMIT_MODIFIER", "LIMIT_PERCENT_MODIFIER", "ORDER_MODIFIER"],
  ...["ASCENDING", "DESCENDING", "ORDER_DEFAULT"],
]);
/** What is told of a type, as of decimals their digits. */
const TYPE_INFO = /^[A-Z]+_TYPE_INFO$/;
/** Of a common table expression's name: nothing that a file's path has. */
const PLAIN_NAME = /^[\p{L}\p{N}_ $-]+$/u;
const MOST_LEVELS = 500;

/** Names of common table expressions that can be seen, in lower case. */
type Scope = ReadonlySet<string>;

/**
 * Throws QueryError unless `serialized`, which DuckDB's json_serialize_sql made, is one SELECT that calls only functions of
 * values and reads only `tables` (in lower case) and its own common table expressions. What it does not know it refuses.
 */
export function checkStatement(serialized: string, tables: ReadonlySet<string>): void {
  const parsed = record(JSON.parse(serialized));
  if (parsed.error !== false) throw notParsed(parsed);
  const statements = Array.isArray(parsed.statements) ? parsed.statements : [];
  if (statements.length === 0) throw refused("There is no statement.", "Write a SELECT.", tables);
  if (statements.length > 1) {
    throw refused(`There are ${statements.length} statements.`, "Run one SELECT at a time.", tables);
  }
  new Check(tables).visit(record(statements[0]).node, new Set(), 0);
}

class Check {
  constructor(private readonly tables: ReadonlySet<string>) {}

  visit(value: unknown, scope: Scope, level: number): void {
    if (typeof value !== "object" || value === null) return;
    if (level > MOST_LEVELS) throw this.#refused("The statement is nested too deeply.");
    if (Array.isArray(value)) {
      for (const item of value) this.visit(item, scope, level + 1);
      return;
    }
    const node = record(value);
    if (typeof node.class === "string") {
      this.#expression(node);
      if (node.class === "CONSTANT") return;
    } else if (typeof node.type === "string") this.#part(node, scope);
    if (node.at_clause !== undefined && node.at_clause !== null) {
      throw this.#refused("Versions of tables cannot be read here.");
    }
    const inner = node.cte_map === undefined ? scope : this.#withTables(node.cte_map, scope, level);
    for (const [key, child] of Object.entries(node)) {
      if (key === "cte_map") continue;
      const isOwn = node.type === "RECURSIVE_CTE_NODE" && key === "right";
      // The name of a table function was checked by `#part`.
      const isChecked = node.type === "TABLE_FUNCTION" && key === "function";
      const part = isChecked ? { ...record(child), function_name: undefined } : child;
      this.visit(part, isOwn ? withName(inner, String(node.cte_name)) : inner, level + 1);
    }
  }

  #expression(node: Node): void {
    const kind = String(node.class);
    if (kind === "PARAMETER")
      throw this.#refused("There are no values for $1 or ?.", "Write the value itself.");
    if (!EXPRESSIONS.has(kind)) throw this.#refused(`${kind} cannot be used here.`);
    if (node.function_name !== undefined) this.#function(node, ALLOWED_FUNCTIONS);
  }

  /** A query, what stands after FROM, or what follows it. */
  #part(node: Node, scope: Scope): void {
    const kind = String(node.type);
    if (!PARTS.has(kind) && !TYPE_INFO.test(kind)) throw this.#refused(`${kind} cannot be used here.`);
    if (kind === "BASE_TABLE") this.#table(node, scope);
    if (kind === "TABLE_FUNCTION") this.#function(record(node.function), ALLOWED_TABLE_FUNCTIONS);
    if (kind === "SHOW_REF" && (typeof node.query !== "object" || node.query === null)) {
      throw this.#refused("SHOW cannot be used here.", "DESCRIBE events tells the columns.");
    }
  }

  #function(node: Node, allowed: ReadonlySet<string>): void {
    const name = String(node.function_name);
    const isBuiltIn = ["", "main"].includes(text(node.schema)) && ["", "system"].includes(text(node.catalog));
    if (isBuiltIn && allowed.has(name.toLowerCase())) return;
    throw this.#refused(`The function ${name} cannot be used here.`);
  }

  #table(node: Node, scope: Scope): void {
    const name = text(node.table_name);
    const isPlain = text(node.catalog_name) === "" && text(node.schema_name) === "";
    const known = name.toLowerCase();
    if (isPlain && (scope.has(known) || this.tables.has(known))) return;
    const whole = [text(node.catalog_name), text(node.schema_name), name].filter((part) => part !== "");
    throw this.#refused(`There is no table ${whole.join(".")} here.`);
  }

  /** Checks the common table expressions, each of which sees those before it. Gives the names that the query then sees. */
  #withTables(map: unknown, scope: Scope, level: number): Scope {
    const entries = record(map).map;
    let seen = scope;
    for (const entry of Array.isArray(entries) ? entries : []) {
      const { key, value } = record(entry);
      const name = text(key);
      if (!PLAIN_NAME.test(name)) throw this.#refused(`A table of your own cannot be called ${name}.`);
      this.visit(value, seen, level + 1);
      seen = withName(seen, name);
    }
    return seen;
  }

  #refused(what: string, wayOut?: string): QueryError {
    return refused(what, wayOut, this.tables);
  }
}

function withName(scope: Scope, name: string): Scope {
  return new Set([...scope, name.toLowerCase()]);
}

function refused(what: string, wayOut: string | undefined, tables: ReadonlySet<string>): QueryError {
  const known = [...tables].join(" and ");
  return new QueryError(
    what,
    wayOut ??
      `Here one SELECT reads ${known} with functions of values; \`ampframe sql\` and lake.query run any SQL with your rights.`,
  );
}

function notParsed({ error_type: kind, error_message: words }: Node): QueryError {
  if (kind === "not implemented") {
    return new QueryError(
      "Only SELECT can be run here.",
      "`ampframe sql` and lake.query run any SQL with your rights.",
    );
  }
  return new QueryError(`${text(words)}.`, "Check the SQL; its dialect is DuckDB's.");
}
