/** A JSON value that keeps what `JSON.parse` drops: the text of numbers, repeated keys, and how each value was written. */
export type Json = { readonly raw: string } & (
  | { readonly kind: "null" | "number" }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "array"; readonly items: readonly Json[] }
  | { readonly kind: "object"; readonly members: readonly Member[] }
);

/** One `key: value` of an object; `rawKey` with its quotes, as written. */
export interface Member {
  readonly key: string;
  readonly rawKey: string;
  readonly value: Json;
}

/** Why a text is not JSON; `at` counts UTF-16 units. */
export class NotJson extends Error {
  constructor(
    reason: string,
    readonly at: number,
  ) {
    super(`${reason} at ${at}`);
  }
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const SPACE = /[ \t\n\r]*/y;
const SIMPLE_ESCAPES: Record<string, string> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/**
 * The JSON text `text` (RFC 8259), read slowly and by the letter. Throws NotJson if it is none, if half of a
 * surrogate pair stands in it, or if more than `maxDepth` arrays and objects lie in one another.
 */
export function parseStrictJson(text: string, maxDepth: number): Json {
  let at = 0;

  function match(pattern: RegExp): string {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? "";
    at += found.length;
    return found;
  }

  function expect(token: string): void {
    if (!text.startsWith(token, at)) throw new NotJson(`no ${token}`, at);
    at += token.length;
  }

  function value(depth: number): Json {
    const start = at;
    const raw = () => text.slice(start, at);
    switch (text[at]) {
      case "n":
        expect("null");
        return { kind: "null", raw: raw() };
      case "t":
        expect("true");
        return { kind: "boolean", value: true, raw: raw() };
      case "f":
        expect("false");
        return { kind: "boolean", value: false, raw: raw() };
      case '"': {
        const content = string();
        return { kind: "string", value: content, raw: raw() };
      }
      case "[": {
        const items = listed("[", "]", depth, () => value(depth + 1));
        return { kind: "array", items, raw: raw() };
      }
      case "{": {
        const members = listed("{", "}", depth, () => member(depth + 1));
        return { kind: "object", members, raw: raw() };
      }
      default:
        if (match(NUMBER) === "") throw new NotJson("no value", at);
        return { kind: "number", raw: raw() };
    }
  }

  function listed<T>(open: string, close: string, depth: number, item: () => T): T[] {
    if (depth === maxDepth) throw new NotJson("too deep", at);
    const found: T[] = [];
    expect(open);
    match(SPACE);
    if (text[at] !== close) {
      while (true) {
        found.push(item());
        match(SPACE);
        if (text[at] === close) break;
        expect(",");
        match(SPACE);
      }
    }
    expect(close);
    return found;
  }

  function member(depth: number): Member {
    const start = at;
    const key = string();
    const rawKey = text.slice(start, at);
    match(SPACE);
    expect(":");
    match(SPACE);
    return { key, rawKey, value: value(depth) };
  }

  function string(): string {
    const start = at;
    let content = "";
    expect('"');
    while (text[at] !== '"') {
      const c = text[at];
      if (c === undefined) throw new NotJson("unended string", at);
      if (c.charCodeAt(0) < 0x20) throw new NotJson("control character", at);
      at += 1;
      content += c === "\\" ? escaped() : c;
    }
    at += 1;
    if (/\p{Surrogate}/u.test(content)) throw new NotJson("half a surrogate pair in the string", start);
    return content;
  }

  function escaped(): string {
    const c = text[at] ?? "";
    if (c === "u") {
      const digits = text.slice(at + 1, at + 5);
      if (!/^[0-9A-Fa-f]{4}$/.test(digits)) throw new NotJson("bad \\u escape", at);
      at += 5;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const plain = SIMPLE_ESCAPES[c];
    if (plain === undefined) throw new NotJson("unknown escape", at);
    at += 1;
    return plain;
  }

  match(SPACE);
  const whole = value(0);
  match(SPACE);
  if (at !== text.length) throw new NotJson("text behind the value", at);
  return whole;
}
