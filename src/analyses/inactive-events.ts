import { readFile } from "node:fs/promises";
import { UsageError } from "../errors/index.js";

/**
 * The event types that `inactive` names. The path is of a file: JSON as Amplitude's Events List API answers
 * (`{data: [{name, non_active, …}]}`), or such a list itself, or rows of `amplitudeEvents`; anything else is a name a line.
 * Throws UsageError.
 */
export async function inactiveEvents(inactive: string | readonly string[] = []): Promise<readonly string[]> {
  if (typeof inactive !== "string") return inactive;
  let text: string;
  try {
    text = (await readFile(inactive, "utf8")).replace(/^\ufeff/, "");
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(
      `The inactive events in ${inactive} cannot be read: ${found}.`,
      "inactive is a list of event types, or the path of a file of them.",
      { cause },
    );
  }
  if (!/^\s*[[{]/.test(text)) {
    return [...new Set(text.split(/\r?\n/).filter((line) => line.trim() !== ""))];
  }
  return [...new Set(inactiveIn(text, inactive))];
}

function inactiveIn(text: string, path: string): string[] {
  const wrong = (found: string): UsageError =>
    new UsageError(
      `The inactive events in ${path} cannot be read: ${found}.`,
      "Give what Amplitude's /api/2/events/list answers or `ampframe inactive -o` writes, or a text with a name a line.",
    );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
  const list = Array.isArray(value) ? value : isObject(value) ? value.data : undefined;
  if (!Array.isArray(list)) throw wrong("there is no list of events");
  return list.flatMap((event: unknown, i): string[] => {
    if (typeof event === "string") return [event];
    const flag = isObject(event) ? (event.non_active ?? event.inactive) : undefined;
    const name = isObject(event) ? (event.value ?? event.name) : undefined;
    if (typeof name !== "string") throw wrong(`event ${i + 1} has no name`);
    if (typeof flag !== "boolean") throw wrong(`event ${i + 1} has no non_active that is true or false`);
    return flag ? [name] : [];
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
