import { UsageError } from "../../index.js";
import type { Selection } from "../api.js";
import { checkedSelection } from "./selection.js";

/** The object that a page sent, read field by field. Each method throws UsageError if the field is of another kind. */
export class Given {
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(input: unknown) {
    if (!isRecord(input)) throw new UsageError("The question is no JSON object.", "Send an object.");
    this.#fields = input;
  }

  /** The field as it came; undefined if it is not there, or null. */
  value(name: string): unknown {
    return Object.hasOwn(this.#fields, name) ? (this.#fields[name] ?? undefined) : undefined;
  }

  text(name: string): string {
    return this.optionalText(name) ?? refuse(name, undefined, "a text");
  }

  optionalText(name: string): string | undefined {
    const value = this.value(name);
    return value === undefined || typeof value === "string" ? value : refuse(name, value, "a text");
  }

  texts(name: string): readonly string[] {
    return this.optionalTexts(name) ?? refuse(name, undefined, "a list of texts");
  }

  optionalTexts(name: string): readonly string[] | undefined {
    const value = this.value(name);
    return value === undefined ? undefined : textsOf(value, name);
  }

  /** A whole number from 0 to `most`; `byDefault` if it is not there. */
  wholeNumber(name: string, most: number, byDefault?: number): number {
    const value = this.value(name) ?? byDefault;
    if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= most) return value;
    return refuse(name, value, `a whole number up to ${most}`);
  }

  optionalBoolean(name: string): boolean | undefined {
    const value = this.value(name);
    return value === undefined || typeof value === "boolean" ? value : refuse(name, value, "true or false");
  }

  oneOf<const Word extends string>(name: string, words: readonly Word[]): Word {
    const value = this.value(name);
    return words.find((word) => word === value) ?? refuse(name, value, `one of ${words.join(", ")}`);
  }

  /** A field that is an object of its own. */
  object(name: string): Given {
    const value = this.value(name);
    return isRecord(value) ? new Given(value) : refuse(name, value, "an object");
  }

  /** The selection; that of all events if it is not there. */
  selection(name = "selection"): Selection {
    const value = this.value(name);
    return value === undefined
      ? {}
      : checkedSelection(new Given(isRecord(value) ? value : refuse(name, value, "an object")));
  }
}

/** True of a plain object of JSON. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textsOf(value: unknown, name: string): readonly string[] {
  const isText = (item: unknown): item is string => typeof item === "string";
  return Array.isArray(value) && value.every(isText) ? value : refuse(name, value, "a list of texts");
}

/** Throws UsageError that tells what `name` should be. */
export function refuse(name: string, value: unknown, expected: string): never {
  const text = value === undefined ? "missing" : (JSON.stringify(value) ?? typeof value);
  const shown = text.length > 80 ? `${text.slice(0, 79)}…` : text;
  throw new UsageError(`${name} is ${shown}.`, `Give ${expected}.`);
}
