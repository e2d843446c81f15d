import { InvalidArgumentError } from "commander";
import { DEFAULT_LIMITS, type LimitName, type Limits, UsageError } from "../index.js";
import { byteSize, wholeNumber } from "./tree/options.js";

const NAMES = Object.keys(DEFAULT_LIMITS) as LimitName[];

/** The limits that `--limit` was given, each `NAME=VALUE`; the last of a name counts. Throws UsageError. */
export function limitsIn(given: readonly string[] = []): Partial<Limits> {
  const limits: { -readonly [Name in LimitName]?: number } = {};
  for (const text of given) {
    const [, short, value = ""] = /^([a-z]+)=(.+)$/.exec(text) ?? [];
    const name = NAMES.find((known) => shortName(known) === short);
    if (!name) {
      throw new UsageError(
        `--limit was given \`${text}\`, which does not set a limit.`,
        `Write NAME=VALUE; the names are ${NAMES.map(shortName).join(", ")}.`,
      );
    }
    limits[name] = parsed(name, value);
  }
  return limits;
}

function parsed(name: LimitName, text: string): number {
  try {
    return /Bytes$/.test(name) ? byteSize(text) : wholeNumber(1, Number.MAX_SAFE_INTEGER)(text);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw new UsageError(`--limit ${shortName(name)} was given \`${text}\`.`, error.message);
  }
}

function shortName(name: LimitName): string {
  return name.replace(/Bytes$/, "");
}
