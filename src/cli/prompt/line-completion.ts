import { readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { type Completion, completionOf } from "./completion.js";
import { DOT_COMMANDS } from "./dot-commands.js";
import type { LakeNames } from "./names.js";

/**
 * What Tab offers behind `line`, of which `before` is what the statement has in earlier lines, and `after` what
 * stands behind the cursor. Waits for names no longer than a moment. Never fails.
 */
export async function lineCompletion(
  before: string,
  line: string,
  after: string,
  names: Pick<LakeNames, "soon">,
): Promise<Completion> {
  if (before === "" && line.startsWith(".")) return dotCompletion(line, names);
  const { offers, typed } = completionOf(before + line, await names.soon(), after);
  // Readline replaces only what is in this line.
  return typed.length > line.length ? { offers: [], typed: "" } : { offers, typed };
}

async function dotCompletion(line: string, names: Pick<LakeNames, "soon">): Promise<Completion> {
  const [, name = "", space = "", typed = ""] = /^\.(\w*)(\s*)(.*)$/s.exec(line) ?? [];
  if (space === "") {
    const offers = DOT_COMMANDS.filter((command) => command.name.startsWith(name)).map(
      (one) => `.${one.name}`,
    );
    return { offers: offers.length === 1 ? [`${offers[0]} `] : offers, typed: line };
  }
  const completes = DOT_COMMANDS.find((command) => command.name === name)?.completes ?? [];
  if (completes === "file" || completes === "folder") return pathCompletion(typed, completes);
  const values = completes === "table" ? (await names.soon()).tables : completes;
  return { offers: values.filter((value) => value.startsWith(typed)), typed };
}

async function pathCompletion(typed: string, wanted: "file" | "folder"): Promise<Completion> {
  const folder = typed.endsWith("/") ? typed : `${dirname(`${typed}x`)}/`;
  const start = typed.slice(typed.lastIndexOf("/") + 1);
  const real = /^~\//.test(folder) ? join(homedir(), folder.slice(1)) : folder;
  const entries = await readdir(real, { withFileTypes: true }).catch(() => []);
  const offers = entries
    .filter((entry) => entry.name.startsWith(start) && (start !== "" || !entry.name.startsWith(".")))
    .filter((entry) => wanted === "file" || entry.isDirectory())
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
  return { offers: offers.filter((name) => /^[^\p{Cc}\p{Bidi_Control}]*$/u.test(name)).sort(), typed: start };
}
