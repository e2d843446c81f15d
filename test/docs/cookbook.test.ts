import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Truth } from "../../src/emulator/shop/truth.js";
import { hourAt } from "../../src/hour.js";
import { pull, startEmulator } from "../../src/index.js";
import { ampframe } from "../cli/run.js";
import { type Answered, programOf, questionsOf } from "./questions.js";
import { execute, someonesProject } from "./run-typescript.js";
import { shapesOf, textOf } from "./snippets.js";

const { before, questions } = questionsOf(textOf("docs/cookbook.md"));
const DAYS = { from: "2025-11-03", to: "2025-11-23" };

let folder: string;
let truth: Truth;
let answers: readonly Answered[];

beforeAll(async () => {
  folder = someonesProject(["arquero", "nodejs-polars"]);
  const emulator = await startEmulator({
    days: 21,
    eventsPerDay: 1_000,
    end: hourAt(Date.parse(`${DAYS.to}T23:00Z`)),
  });
  const { apiKey, secretKey, url: endpoint } = emulator;
  await pull({ lake: join(folder, "amplitude"), credentials: { apiKey, secretKey }, endpoint, ...DAYS });
  truth = emulator.truth();
  await emulator.close();
  answers = JSON.parse(await execute(folder, programOf(before, questions), {}));
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

test("there are twenty questions", () => {
  expect(questions).toHaveLength(20);
});

describe.each(questions.map(({ title, program }, i) => ({ title, output: program.output, i })))(
  "$title",
  ({ output, i }) => {
    test("TypeScript and SQL agree", () => {
      const { rows, sqlRows, error } = answers[i]!;
      expect(error).toBe("");
      expect(rows.length).toBeGreaterThan(0);
      expect(rows).toEqual(sqlRows);
    });

    test("it prints what the page says", () => {
      const shown = shapesOf(output ?? "").filter((line) => line !== "");
      const lines = shown.at(-1) === "…" ? shown.slice(0, -1) : shown;
      expect(lines.length).toBeGreaterThan(0);
      expect(shapesOf(answers[i]!.printed).slice(0, lines.length)).toEqual(lines);
    });
  },
);

/** The rows of the one answer whose title has `words`. */
function answerOf(words: string): Record<string, unknown>[] {
  const found = questions.findIndex(({ title }) => title.includes(words));
  expect(found, words).toBeGreaterThan(-1);
  return answers[found]!.rows.map((row) => Object.fromEntries(row));
}

describe("what the emulator knows of its shop", () => {
  test("the merges are those that Amplitude made", () => {
    const found = answerOf("anonymous ids").map(({ amplitude_id, merged }) => [amplitude_id, merged]);
    const made = truth.merges.map(({ amplitude_id, merged_amplitude_id }) => [
      amplitude_id,
      merged_amplitude_id,
    ]);
    expect(found).toEqual(made.sort(([a = 0], [b = 0]) => a - b));
  });

  test("the users are its people and the ids that were merged away", () => {
    expect(answerOf("events does a user")).toMatchObject([{ users: truth.amplitudeIds }]);
    expect(truth.amplitudeIds).toBe(truth.users + truth.merges.length);
  });

  test("the users' revenue is all revenue", () => {
    const revenue = answerOf("first page").reduce((sum, row) => sum + Number(row.revenue), 0);
    expect(Math.round(revenue * 100)).toBe(truth.revenueCents);
  });
});

test("the SQL answers at the command line as in the library", async () => {
  const { status, stdout } = await ampframe(["sql", "--json"], {
    cwd: folder,
    input: questions[0]!.sql.text,
  });
  expect(status).toBe(0);
  expect(JSON.parse(stdout).rows).toEqual(answerOf("active a day"));
});
