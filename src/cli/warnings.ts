import type { UnknownName } from "../index.js";
import type { Invocation } from "./invocation.js";
import { paintFor } from "./paint.js";
import { printableLine } from "./printable.js";

/** Tells on the standard error what was named and does not occur. */
export function warn(warnings: readonly UnknownName[], { stderr, env }: Invocation): void {
  const paint = paintFor(stderr, env);
  for (const { text } of warnings) stderr.write(`${paint.yellow("warning:")} ${printableLine(text)}\n`);
}
