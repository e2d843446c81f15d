import type { DuckDBPreparedStatement, DuckDBType, DuckDBValue } from "@duckdb/node-api";
import { UsageError } from "../errors/index.js";
import type { Param, Params } from "./engine.js";

type Duck = typeof import("@duckdb/node-api");

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/** Binds `params` to `statement`, each with the type told at `Param`. */
export function bindParams(duck: Duck, statement: DuckDBPreparedStatement, params: Params): void {
  const count = statement.parameterCount;
  const given = Array.isArray(params) ? params.length : Object.keys(params).length;
  if (given !== count) {
    throw new UsageError(
      `The query has ${count} parameter${count === 1 ? "" : "s"}, but ${given} value${given === 1 ? " was" : "s were"} given.`,
      "Give one value for each $1, ? or $name of the query.",
    );
  }
  for (let index = 1; index <= count; index++) {
    const param = paramAt(params, index, statement.parameterName(index));
    const { value, type } = boundValue(duck, param);
    statement.bindValue(index, value, type);
  }
}

function paramAt(params: Params, index: number, name: string): Param {
  const named = params as Readonly<Record<string, Param>>;
  const param = Array.isArray(params) ? (params as readonly Param[])[index - 1] : named[name];
  if (param !== undefined) return param;
  throw new UsageError(
    `The query's parameter $${name} has no value.`,
    `Give it one, for example { ${name}: … }; null is a value.`,
  );
}

function boundValue(duck: Duck, param: Param): { value: DuckDBValue; type: DuckDBType } {
  if (param === null) return { value: null, type: duck.SQLNULL };
  if (Array.isArray(param)) {
    const items = (param as readonly Param[]).map((item) => boundValue(duck, item));
    const type = itemType(duck, items);
    const values = items.map(({ value }) => (type === duck.DOUBLE && value !== null ? Number(value) : value));
    return { value: duck.listValue(values), type: duck.LIST(type) };
  }
  if (param instanceof Date) {
    const ms = param.getTime();
    if (Number.isNaN(ms)) {
      throw new UsageError("A date given to the query is not a valid date.", "Check how the Date was made.");
    }
    return { value: new duck.DuckDBTimestampValue(BigInt(ms) * 1000n), type: duck.TIMESTAMP };
  }
  switch (typeof param) {
    case "boolean":
      return { value: param, type: duck.BOOLEAN };
    case "number":
      return Number.isSafeInteger(param)
        ? { value: BigInt(param), type: duck.BIGINT }
        : { value: param, type: duck.DOUBLE };
    case "bigint":
      return { value: param, type: param >= INT64_MIN && param <= INT64_MAX ? duck.BIGINT : duck.HUGEINT };
    case "string":
      return { value: param, type: duck.VARCHAR };
    default:
      throw new UsageError(
        `A value of the kind ${typeof param} cannot be given to a query.`,
        "Give null, a boolean, number, bigint, string, Date, or a list of these.",
      );
  }
}

function itemType(duck: Duck, items: readonly { value: DuckDBValue; type: DuckDBType }[]): DuckDBType {
  const types = items.filter(({ value }) => value !== null).map(({ type }) => type);
  const first = types[0];
  if (first === undefined) return duck.SQLNULL;
  if (types.every((type) => String(type) === String(first))) return first;
  const names = new Set(types.map(String));
  if ([...names].every((name) => name === "BIGINT" || name === "DOUBLE")) return duck.DOUBLE;
  if ([...names].every((name) => name === "BIGINT" || name === "HUGEINT")) return duck.HUGEINT;
  throw new UsageError(
    `A list given to the query mixes ${[...names].join(" and ")}.`,
    "Give lists whose items are of one kind.",
  );
}
