import { FIELDS, UsageError } from "../../index.js";
import type { Cell } from "../api.js";
import { cellOf } from "./cells.js";
import type { Question } from "./question.js";
import { microsOf } from "./selection.js";
import { Scope } from "./stream/scope.js";

const COLUMNS = [...FIELDS.map(({ name }) => name), "extra"] as const;

/** One event, with the fields that it has. */
export const answer: Question<"event"> = async (given, { opened, signal }) => {
  const uuid = given.text("uuid");
  const time = given.optionalText("time");
  const micros = time === undefined ? undefined : microsOf("time", time);
  const scope = (await Scope.of(opened, {})).within({
    time: micros === undefined ? {} : { from: micros, until: micros + 1n },
  });
  const { engine, sql } = await scope.frame(COLUMNS).statement();
  const found = await engine.query(
    `FROM (\n${sql}\n) WHERE uuid = ${engine.dialect.literal(uuid)} LIMIT 1`,
    undefined,
    { signal },
  );
  const [row] = found.rows();
  if (row === undefined)
    throw new UsageError(`There is no event ${uuid}.`, "It may have been forgotten: load the page anew.");
  const event: Record<string, Cell> = {};
  for (const [i, { name, type }] of found.columns.entries()) {
    const cell = cellOf(type)(row[i]);
    if (cell !== null) event[name] = cell;
  }
  return { event };
};
