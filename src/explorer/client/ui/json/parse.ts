/** A JSON value whose numbers are texts, so that no digit is lost, and whose objects keep the order and number of their keys. */
export type JsonNode =
  | { readonly kind: "object"; readonly entries: readonly (readonly [key: string, value: JsonNode])[] }
  | { readonly kind: "list"; readonly items: readonly JsonNode[] }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "null" };

const DEEPEST = 500;
const STRING = /"(?:[^"\\]|\\.)*"/y;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SPACE = /\s*/y;

/** Reads JSON text; what is no JSON, or nested deeper than 500, is a text. */
export function parseJson(text: string): JsonNode {
  try {
    const reader = new Reader(text);
    const node = reader.value(0);
    reader.end();
    return node;
  } catch {
    return { kind: "text", text };
  }
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): JsonNode {
    if (depth > DEEPEST) throw new RangeError("too deep");
    this.#take(SPACE);
    switch (this.#text[this.#at]) {
      case "{":
        return { kind: "object", entries: this.#items("}", () => this.#entry(depth)) };
      case "[":
        return { kind: "list", items: this.#items("]", () => this.value(depth + 1)) };
      case '"':
        return { kind: "text", text: this.#string() };
      case "t":
        return this.#word("true", { kind: "boolean", value: true });
      case "f":
        return this.#word("false", { kind: "boolean", value: false });
      case "n":
        return this.#word("null", { kind: "null" });
      default:
        return { kind: "number", text: this.#take(NUMBER) };
    }
  }

  end(): void {
    this.#take(SPACE);
    if (this.#at < this.#text.length) throw new SyntaxError("more than one value");
  }

  #entry(depth: number): readonly [string, JsonNode] {
    this.#take(SPACE);
    const key = this.#string();
    this.#take(SPACE);
    this.#expect(":");
    return [key, this.value(depth + 1)];
  }

  #items<T>(close: string, read: () => T): T[] {
    const items: T[] = [];
    this.#at += 1;
    this.#take(SPACE);
    if (this.#text[this.#at] !== close) {
      for (;;) {
        items.push(read());
        this.#take(SPACE);
        if (this.#text[this.#at] !== ",") break;
        this.#at += 1;
      }
    }
    this.#expect(close);
    return items;
  }

  #string(): string {
    const parsed: unknown = JSON.parse(this.#take(STRING));
    return String(parsed);
  }

  #word(word: string, node: JsonNode): JsonNode {
    for (const letter of word) this.#expect(letter);
    return node;
  }

  #expect(letter: string): void {
    if (this.#text[this.#at] !== letter) throw new SyntaxError(`${letter} is missing`);
    this.#at += 1;
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.#text) ?? [];
    if (found === undefined) throw new SyntaxError("no JSON");
    this.#at += found.length;
    return found;
  }
}
