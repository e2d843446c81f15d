import { openConfinedLake } from "../../index.js";
import type { Rows } from "../api.js";
import { cellsOfRows } from "../questions/cells.js";
import { Given } from "../questions/given.js";
import { type Answers, answerWith } from "./answer.js";
import type { ProcessSetting } from "./messages.js";

/** Most bytes of an answer's values, as the page can still hold them. */
const MOST_BYTES = 32_000_000;

/** Opens the lake for a person's SQL: every question is `query`. Throws LakeError if there is no lake. */
export async function answersOfSql({ lake, rowLimit }: ProcessSetting): Promise<Answers> {
  const confined = await openConfinedLake(lake);
  await confined.ready();
  return (_, input, signal) =>
    answerWith(async (): Promise<Rows> => {
      const given = new Given(input);
      const start = performance.now();
      const limit = given.wholeNumber("limit", rowLimit, Math.min(1000, rowLimit));
      const { columns, rows, cut } = await confined.select(given.text("sql"), {
        limit,
        maxBytes: MOST_BYTES,
        signal,
      });
      return {
        columns,
        rows: cellsOfRows(columns, rows),
        cut,
        milliseconds: Math.round(performance.now() - start),
      };
    });
}
