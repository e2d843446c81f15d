import { CredentialsError, UsageError } from "../index.js";
import type { Credentials } from "./credentials.js";
import { API_KEY, checkedKey, pairInText, SECRET_KEY, type StoredPair } from "./env-text.js";
import { HiddenInput } from "./hidden-input.js";
import type { Invocation } from "./invocation.js";

const MOST_BYTES = 64 * 1024;
const EXPECTED = `Two lines were expected, the API key and the secret key, or ${API_KEY}=… and ${SECRET_KEY}=….`;

/**
 * The keys that a user gives: asked for at a terminal, where the secret key is not shown, else read from stdin, as two
 * lines or as an env file has them. They are made known to `redaction`.
 */
export async function givenKeys(invocation: Invocation): Promise<Credentials> {
  const { stdin, redaction } = invocation;
  const { apiKey, secretKey } = stdin.isTTY ? await asked(invocation) : keysIn(await allOf(stdin));
  for (const key of [apiKey, secretKey]) if (key) redaction.add(key);
  if (!apiKey || !secretKey) {
    throw new CredentialsError(`The ${apiKey ? "secret key" : "API key"} is empty.`, EXPECTED);
  }
  redaction.add(`${apiKey}:${secretKey}`);
  return { apiKey: checkedKey("The API key", apiKey), secretKey: checkedKey("The secret key", secretKey) };
}

async function asked(invocation: Invocation): Promise<StoredPair> {
  invocation.stderr.write("Amplitude shows both keys under Settings → Projects → the project → General.\n");
  const prompt = new HiddenInput(invocation);
  try {
    const apiKey = await prompt.ask("API key: ", { hidden: false });
    return { apiKey, secretKey: await prompt.ask("Secret key (not shown): ", { hidden: true }) };
  } finally {
    await prompt.close();
  }
}

/** The keys in `text`. Never says what it found: it may be a key. */
function keysIn(text: string): StoredPair {
  if (/^\s*(export\s+)?AMPLITUDE_/m.test(text)) return pairInText(text);
  const lines = text
    .replace(/^\ufeff/, "")
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const [apiKey, secretKey] = lines;
  if (lines.length === 2) return { apiKey, secretKey };
  throw new UsageError(`stdin has ${lines.length} lines that are not empty.`, EXPECTED);
}

async function allOf(stdin: Invocation["stdin"]): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of stdin) {
    pieces.push(Buffer.from(piece));
    bytes += piece.length;
    if (bytes > MOST_BYTES) throw new UsageError("stdin has more than 64 KiB.", EXPECTED);
  }
  return Buffer.concat(pieces).toString("utf8");
}
