import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { notebookProgram, notebooks } from "./notebooks.js";
import { questionsOf } from "./questions.js";
import { compile, someonesProject } from "./run-typescript.js";
import { snippetsOf, textOf } from "./snippets.js";

const EXAMPLES = join(import.meta.dirname, "../../examples");
const folder = someonesProject(["arquero", "nodejs-polars"]);

afterAll(() => rmSync(folder, { recursive: true }));

const programsIn = (page: string) =>
  snippetsOf(page).flatMap(({ language, text }) => (language === "ts" ? [text] : []));

/** The programs of each page, each whole. */
function programs(): Record<string, readonly string[]> {
  const [opening, ...sections] = programsIn("docs/from-pandas.md");
  const { before, questions } = questionsOf(textOf("docs/cookbook.md"));
  const pages = ["README.md", "docs/library.md", "docs/analyses.md", "docs/notebooks.md"];
  const examples = readdirSync(EXAMPLES).filter((name) => name.endsWith(".ts"));
  return {
    ...Object.fromEntries(pages.map((page) => [page, programsIn(page)])),
    "docs/from-pandas.md": sections.map((text) => `${opening}${text}`),
    "docs/cookbook.md": questions.map(({ program }) => before + program.text),
    examples: examples.map((name) => readFileSync(join(EXAMPLES, name), "utf8")),
    notebooks: notebooks.map(notebookProgram),
  };
}

test("every program of the pages, the examples and the notebooks compiles strictly", () => {
  const all = programs();
  for (const [page, some] of Object.entries(all)) expect(some.length, page).toBeGreaterThan(1);
  expect(compile(folder, all)).toBe("");
});

test("a program that is wrong is found, and named by its page", () => {
  const wrong = { "docs/a.md": ["export const x: number = 1;", "export const y: number = 'text';"] };
  expect(compile(folder, wrong)).toMatch(/^docs-a\.md-2\.mts\(1,14\): error TS2322/);
});
