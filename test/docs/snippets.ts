import { readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");
const BLOCK = /^```(\w+)\n([\s\S]*?)^```$/gm;

/** A fenced block of a page. */
export interface Snippet {
  readonly language: string;
  readonly text: string;
}

/** The fenced blocks of a page of this repository, in order. */
export function snippetsOf(page: string): Snippet[] {
  const text = readFileSync(join(ROOT, page), "utf8");
  return [...text.matchAll(BLOCK)].map(([, language = "", body = ""]) => ({ language, text: body }));
}
