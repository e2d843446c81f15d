import { createHash } from "node:crypto";
import { inspect } from "node:util";
import { CredentialsError } from "../errors/index.js";

/** The pair of keys of one Amplitude project. */
export interface Credentials {
  readonly apiKey: string;
  readonly secretKey: string;
}

const HIDDEN = "[hidden]";
const LEAST = 6;

/** Credentials that show only their fingerprint when they are printed, logged, spread or made into JSON. */
export class ProjectKeys implements Credentials {
  readonly #apiKey: string;
  readonly #secretKey: string;

  /**
   * Throws CredentialsError if a key is empty or holds white space, a colon, a control or a non-ASCII
   * character, which no key of Amplitude's does and Basic authentication cannot carry.
   */
  constructor({ apiKey, secretKey }: Credentials) {
    this.#apiKey = checked("API key", apiKey);
    this.#secretKey = checked("secret key", secretKey);
  }

  get apiKey(): string {
    return this.#apiKey;
  }

  get secretKey(): string {
    return this.#secretKey;
  }

  toString(): string {
    return `keys of project ${fingerprint(this)}`;
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return `ProjectKeys { ${fingerprint(this)} }`;
  }
}

/** Twelve hexadecimal digits that tell projects apart and do not give the API key away. */
export function fingerprint({ apiKey }: Pick<Credentials, "apiKey">): string {
  return createHash("sha256").update(apiKey).digest("hex").slice(0, 12);
}

/**
 * `text` with both keys taken out, as they are, URL-encoded, in base64, and as the pair that is sent, and with what an
 * end that was cut off leaves of them. Forms and remains of less than six characters, which no real key has, stay.
 */
export function redact(text: string, { apiKey, secretKey }: Credentials): string {
  const pair = `${apiKey}:${secretKey}`;
  const forms = [pair, apiKey, secretKey].flatMap((key) => [
    key,
    encodeURIComponent(key),
    Buffer.from(key).toString("base64"),
    Buffer.from(key).toString("base64").replace(/=+$/, ""),
    Buffer.from(key).toString("base64url"),
    Buffer.from(key).toString("hex"),
  ]);
  forms.sort((a, b) => b.length - a.length);
  const clean = forms.reduce(
    (text, form) => (form.length < LEAST ? text : text.replaceAll(form, HIDDEN)),
    text,
  );
  const rest = Math.max(...forms.map((form) => beginningAtEnd(clean, form)));
  return rest < LEAST ? clean : clean.slice(0, -rest) + HIDDEN;
}

/** How many characters at the end of `text` are the beginning of `form`, at most. */
function beginningAtEnd(text: string, form: string): number {
  let length = form.length - 1;
  while (length > 0 && !text.endsWith(form.slice(0, length))) length -= 1;
  return length;
}

function checked(name: string, key: string): string {
  if (/^[\x21-\x39\x3b-\x7e]+$/.test(key)) return key;
  throw new CredentialsError(
    key === "" ? `The ${name} is empty.` : `The ${name} holds a character that no key has.`,
    "Copy both keys from Amplitude: Settings → Projects → the project → General.",
  );
}
