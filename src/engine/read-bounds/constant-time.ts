import type { Engine, Param, Params } from "../engine.js";
import { type Node, record, text } from "../parse-tree.js";
import { literal } from "../sql-text.js";
import type { ConstantOf, ConstantTime } from "./bounds-of-condition.js";

/** Expressions of the kinds that can stand for one value. */
const KINDS: ReadonlySet<string> = new Set(["CAST", "CONSTANT", "FUNCTION", "PARAMETER"]);
const TIMES: ReadonlySet<string> = new Set(["DATE", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE"]);
const DAY = 86_400_000_000n;

/** Finds constant times by having `engine` calculate them, with the statement's own `params`. */
export function constantTimes(engine: Engine, params: Params | undefined): ConstantOf {
  return async (expression) => {
    const used = new Map<string, Param>();
    const own = withOwnNames(expression, params, used);
    if (own === undefined) return undefined;
    try {
      return await calculated(engine, own, used);
    } catch {
      // What fails here fails in the statement too, or was no time.
      return undefined;
    }
  };
}

async function calculated(
  engine: Engine,
  expression: Node,
  used: ReadonlyMap<string, Param>,
): Promise<ConstantTime | undefined> {
  const names = functionsIn(expression);
  const stabilities = await engine.query(
    `SELECT DISTINCT stability FROM duckdb_functions() WHERE list_contains([${names.map(literal).join(", ")}]::VARCHAR[], function_name)`,
  );
  const kinds = new Set(stabilities.rows().map(([kind]) => String(kind)));
  const isSteady = [...kinds].every((kind) => kind === "CONSISTENT" || kind === "CONSISTENT_WITHIN_QUERY");
  if (!isSteady) return undefined;
  const params = Object.fromEntries(used);
  const select = JSON.stringify(selectOf(expression, [...used.keys()]));
  const [sql] = (await engine.query("SELECT json_deserialize_sql($1::JSON)", [select])).rows()[0] ?? [];
  const [found] = (
    await engine.query(
      `SELECT typeof(t), epoch_us(CAST(t AS TIMESTAMP)) FROM (${String(sql)}) AS one(t)`,
      used.size > 0 ? params : undefined,
    )
  ).rows();
  const [type, micros] = found ?? [];
  const isWritten = type === "VARCHAR" && expression.class === "CONSTANT";
  if (typeof micros !== "bigint" || !(isWritten || TIMES.has(String(type)))) return undefined;
  // The clock goes on until the statement itself reads it.
  const slack = kinds.has("CONSISTENT_WITHIN_QUERY") ? DAY : 0n;
  return { first: micros - slack, last: micros + slack };
}

/** A copy whose parameters have names of their own, and the values of these; undefined if it may depend on rows. */
function withOwnNames(value: Node, params: Params | undefined, used: Map<string, Param>): Node | undefined {
  if (typeof value.class === "string" && !KINDS.has(value.class)) return undefined;
  if (value.class === "PARAMETER") {
    const given = givenFor(text(value.identifier), params);
    if (given === undefined) return undefined;
    const identifier = `p${used.size + 1}`;
    used.set(identifier, given);
    const { query_location: _, ...parameter } = value;
    return { ...parameter, identifier };
  }
  const copy: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    // Where it stands may be a number that JavaScript cannot hold.
    if (key === "query_location") continue;
    if (typeof inner === "number" && Math.abs(inner) > Number.MAX_SAFE_INTEGER) return undefined;
    if (typeof inner !== "object" || inner === null) copy[key] = inner;
    else if (Array.isArray(inner)) {
      const items: unknown[] = inner.map((item: unknown) =>
        typeof item === "object" && item !== null ? withOwnNames(record(item), params, used) : item,
      );
      if (items.includes(undefined)) return undefined;
      copy[key] = items;
    } else {
      copy[key] = withOwnNames(record(inner), params, used);
      if (copy[key] === undefined) return undefined;
    }
  }
  return copy;
}

function givenFor(identifier: string, params: Params | undefined): Param | undefined {
  if (params === undefined) return undefined;
  if (!isList(params)) return params[identifier];
  return /^\d+$/.test(identifier) ? params[Number(identifier) - 1] : undefined;
}

function isList(params: Params): params is readonly Param[] {
  return Array.isArray(params);
}

function functionsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(functionsIn);
  if (typeof value !== "object" || value === null) return [];
  const own = text(record(value).function_name);
  return [...(own === "" ? [] : [own]), ...Object.values(value).flatMap(functionsIn)];
}

function selectOf(expression: Node, params: readonly string[]): Node {
  const node = {
    ...{ type: "SELECT_NODE", modifiers: [], cte_map: { map: [] }, select_list: [expression] },
    ...{ from_table: { type: "EMPTY", alias: "", sample: null }, where_clause: null },
    ...{ group_expressions: [], group_sets: [], aggregate_handling: "STANDARD_HANDLING" },
    ...{ having: null, sample: null, qualify: null },
  };
  return {
    error: false,
    statements: [{ node, named_param_map: params.map((key, i) => ({ key, value: i + 1 })) }],
  };
}
