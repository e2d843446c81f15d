import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Snippet, snippetsIn } from "./snippets.js";

/** A question of the cookbook with its answers. */
export interface Question {
  readonly title: string;
  readonly program: Snippet;
  readonly sql: Snippet;
}

type Rows = readonly (readonly (readonly [name: string, value: unknown])[])[];

/** What came of a question: the rows by TypeScript, how they printed, and the rows by SQL. */
export interface Answered {
  readonly rows: Rows;
  readonly printed: string;
  readonly sqlRows: Rows;
  /** What failed of it; "" if nothing. */
  readonly error: string;
}

const IMPORT = /^import .*;\n+/gm;
const PLAIN_ROWS = readFileSync(join(import.meta.dirname, "plain-rows.ts"), "utf8");

/** The lines that every program of the cookbook goes on from, and its questions in order. */
export function questionsOf(page: string): {
  readonly before: string;
  readonly questions: readonly Question[];
} {
  const [head = "", ...sections] = page.split(/^## /m);
  const questions = sections.map((section) => {
    const title = section.slice(0, section.indexOf("\n"));
    return { title, program: blockOf(section, "ts"), sql: blockOf(section, "sql") };
  });
  return { before: blockOf(head, "ts").text, questions };
}

function blockOf(section: string, language: string): Snippet {
  const blocks = snippetsIn(section).filter((block) => block.language === language);
  if (blocks.length === 1) return blocks[0]!;
  throw new Error(`There are ${blocks.length} ${language} blocks in:\n${section}`);
}

/** One program that answers all `questions` in one process, and prints a list of `Answered` as JSON. */
export function programOf(before: string, questions: readonly Question[]): string {
  const texts = [before, ...questions.map(({ program }) => program.text)];
  const imports = new Set(texts.flatMap((text) => text.match(IMPORT) ?? []).map((line) => line.trim()));
  const asked = questions.map(
    ({ program, sql }) =>
      `await ask(async (console) => {\n${program.text.replace(IMPORT, "")}}, ${JSON.stringify(sql.text)});`,
  );
  return `${[...imports].join("\n")}
import { inspect } from "node:util";
${PLAIN_ROWS}
${before.replace(IMPORT, "")}
const answers = [];
async function ask(program, sql) {
  const said = [];
  const answer = { rows: [], printed: "", sqlRows: [], error: "" };
  answers.push(answer);
  try {
    await program({ log: (value) => said.push(value) });
    if (said.length !== 1) throw new Error("One console.log was expected, not " + said.length);
    answer.rows = await plainRows(said[0]);
    answer.printed = inspect(said[0]);
    answer.sqlRows = await plainRows(await lake.query(sql));
  } catch (thrown) {
    answer.error = inspect(thrown);
  }
}
${asked.join("\n")}
console.log(JSON.stringify(answers));
await lake.close();
`;
}
