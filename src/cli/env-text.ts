import { parseEnv } from "node:util";
import { CredentialsError } from "../index.js";

export const API_KEY = "AMPLITUDE_API_KEY";
export const SECRET_KEY = "AMPLITUDE_SECRET_KEY";
const REGION = "AMPLITUDE_REGION";

/** The keys of a project as far as they were found. */
export interface Pair {
  readonly apiKey?: string | undefined;
  readonly secretKey?: string | undefined;
}

/** Keys as `ampframe login` stores them. */
export interface StoredPair extends Pair {
  readonly region?: "us" | "eu" | undefined;
}

/** The keys among `variables`, without white space around them; undefined if not there or empty. */
export function pairOf(variables: Readonly<Record<string, string | undefined>>): Pair {
  return {
    apiKey: variables[API_KEY]?.trim() || undefined,
    secretKey: variables[SECRET_KEY]?.trim() || undefined,
  };
}

/** The keys and the region in the text of an env file. */
export function pairInText(text: string): StoredPair {
  const variables = parseEnv(text);
  const region = variables[REGION];
  return { ...pairOf(variables), ...(region === "us" || region === "eu" ? { region } : {}) };
}

/** The text of an env file with the keys and the region. */
export function textOfPair({ apiKey = "", secretKey = "", region }: StoredPair): string {
  const lines = [`${API_KEY}=${quoted(apiKey)}`, `${SECRET_KEY}=${quoted(secretKey)}`];
  return `${[...lines, ...(region ? [`${REGION}=${region}`] : [])].join("\n")}\n`;
}

/** `key`, checked. Throws CredentialsError, which names it by `name`, if no key can be like this. */
export function checkedKey(name: string, key: string): string {
  if (/^[\x21-\x39\x3b-\x7e]+$/.test(key)) return key;
  throw new CredentialsError(
    `${name} holds a character that no key has: white space, a colon, a control or a non-ASCII character.`,
    "Copy the key again, without the text around it.",
  );
}

function quoted(key: string): string {
  const quote = ["'", "`"].find((mark) => !key.includes(mark));
  if (quote) return `${quote}${key}${quote}`;
  throw new CredentialsError(
    "A key has both kinds of quotes in it, which no key of Amplitude's has.",
    "Copy it again.",
  );
}
