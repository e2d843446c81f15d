import type { Api } from "../api.js";
import { cellsOfRows } from "./cells.js";
import type { Question } from "./question.js";
import { askedColumns } from "./stream/asked-columns.js";
import { rowsAtEnd } from "./stream/newest.js";
import { givenOrder } from "./stream/order.js";
import { Scope } from "./stream/scope.js";
import type { StreamRows } from "./stream/stream.js";
import { streamOf } from "./stream/streams.js";

const MOST_ROWS = 2_000;

/** Rows of the stream of events. The first ones are found before it is known how many there are. */
export const answer: Question<"events"> = async (given, { opened, signal, rowLimit }) => {
  const start = performance.now();
  const selection = given.selection();
  const asked = askedColumns(given.texts("columns"));
  const order = givenOrder(given);
  const offset = given.wholeNumber("offset", Number.MAX_SAFE_INTEGER, 0);
  const limit = given.wholeNumber("limit", Math.min(MOST_ROWS, rowLimit), 200);
  const answered = ({ columns, rows }: StreamRows, total: number | null): Api["events"]["out"] => ({
    columns,
    rows: cellsOfRows(columns, rows),
    cut: total === null || offset + rows.length < total,
    milliseconds: Math.round(performance.now() - start),
    total,
  });

  const work = await streamOf(opened, selection, order, signal);
  if (!work.isDone && offset === 0 && limit > 0 && order.column === "event_time") {
    const scope = await Scope.of(opened, selection);
    const first = await rowsAtEnd(scope, order, limit, asked, signal);
    const isWhole = scope.isPlain && selection.from === undefined && selection.to === undefined;
    if (first !== undefined)
      return answered(first, isWhole ? (await opened.extent({ signal })).events : null);
  }
  const stream = await work.get(signal);
  return answered(await stream.rows(offset, limit, asked, signal), stream.total);
};
