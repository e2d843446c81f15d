import { readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");
const BLOCK = /^```(\w+)\n([\s\S]*?)^```$/gm;

/** A fenced block of a page. */
export interface Snippet {
  readonly language: string;
  readonly text: string;
  /** The text block right behind it: what it prints, as the page has it. */
  readonly output: string | undefined;
}

/** The text of a page of this repository. */
export function textOf(page: string): string {
  return readFileSync(join(ROOT, page), "utf8");
}

/** The fenced blocks of a page of this repository, in order. */
export function snippetsOf(page: string): Snippet[] {
  return snippetsIn(textOf(page));
}

/** The fenced blocks of `text`, in order. */
export function snippetsIn(text: string): Snippet[] {
  const blocks = [...text.matchAll(BLOCK)].map(([, language = "", body = ""]) => ({ language, text: body }));
  return blocks.map((block, i) => {
    const next = blocks[i + 1];
    return { ...block, output: next?.language === "text" ? next.text : undefined };
  });
}

/** `text` as it is whatever the figures are: each line without numbers and alignment. */
export function shapesOf(text: string): string[] {
  return text.split("\n").map((line) =>
    line
      .replace(/\/\S*\/(?=\w)/g, "/")
      .replace(/\d[\d,.]*/g, "#")
      .replace(/\b[kMG]?B\b/g, "bytes")
      .replace(/\s+/g, " ")
      .trim(),
  );
}
