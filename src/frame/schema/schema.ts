import { type InspectOptions, inspect } from "node:util";
import { colorsWanted, JUPYTER_DISPLAY, type PrintOptions } from "../table.js";
import { comparePlan, type PlanDeviation } from "./plan.js";
import { schemaHtml, schemaText } from "./schema-text.js";
import type { SchemaChange, SchemaContent, SchemaEvent, SchemaProperty } from "./schema-types.js";
import { schemaMarkdown } from "./to-markdown.js";
import { schemaTypes } from "./to-typescript.js";

/**
 * The tracking plan as it really is: event types, their properties and what changed, as `lake.schema()` found them. It
 * prints as tables. What is exact and what is estimated is told at each figure, and in `docs/schema.md`.
 */
export class Schema implements SchemaContent {
  readonly lake: string;
  readonly version: number;
  readonly count: number;
  readonly trendDays: readonly string[];
  readonly events: readonly SchemaEvent[];
  readonly properties: readonly SchemaProperty[];
  readonly changes: readonly SchemaChange[];

  /** Made by `lake.schema()`. */
  constructor(content: SchemaContent) {
    this.lake = content.lake;
    this.version = content.version;
    this.count = content.count;
    this.trendDays = content.trendDays;
    this.events = content.events;
    this.properties = content.properties;
    this.changes = content.changes;
  }

  /** Tables of event types, properties and changes, fitted to the terminal, without control characters. */
  toText(options: PrintOptions = {}): string {
    return schemaText(this, {
      width: options.width ?? process.stdout.columns ?? 100,
      colors: options.colors ?? colorsWanted(process.stdout),
    });
  }

  /** The table of event types alone. */
  eventsText(options: PrintOptions = {}): string {
    const content = this.toJSON();
    return new Schema({ ...content, properties: [], changes: [] }).toText(options);
  }

  /** The same as HTML, all data escaped. */
  toHTML(): string {
    return schemaHtml(this);
  }

  /** A document in Markdown (GitHub's tables), all data escaped. */
  toMarkdown(): string {
    return schemaMarkdown(this);
  }

  /**
   * TypeScript declarations that type `lake.frame({ events, properties })`: write them to a file such as `events.d.ts`
   * that the compiler includes.
   */
  toTypeScript(): string {
    return schemaTypes(this);
  }

  /**
   * How this deviates from a tracking plan: JSON as told in `docs/schema.md`. Throws UsageError if it is no plan of these
   * forms.
   */
  compare(plan: unknown): PlanDeviation[] {
    return comparePlan(this, plan);
  }

  /** Plain data; times as ISO texts. */
  toJSON(): SchemaContent {
    const { lake, version, count, trendDays, events, properties, changes } = this;
    return { lake, version, count, trendDays, events, properties, changes };
  }

  [inspect.custom](_depth: number, options: InspectOptions): string {
    return this.toText({ colors: options.colors ?? false });
  }

  [JUPYTER_DISPLAY](): Record<string, string> {
    return { "text/plain": this.toText({ colors: false }), "text/html": this.toHTML() };
  }
}
