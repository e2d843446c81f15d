import { readFile } from "node:fs/promises";
import { EXTRA, FIELDS, type FieldKind } from "../event.js";

/** The functions and figures of assembly/decoder.ts, compiled to WebAssembly. */
export interface DecoderExports {
  readonly memory: WebAssembly.Memory;
  readonly input: WebAssembly.Global<"i32">;
  readonly inputRoom: WebAssembly.Global<"i32">;
  readonly decoded: WebAssembly.Global<"i32">;
  readonly lines: WebAssembly.Global<"f64">;
  readonly loaded: WebAssembly.Global<"f64">;
  readonly rejected: WebAssembly.Global<"f64">;
  readonly blank: WebAssembly.Global<"f64">;
  readonly lineFeeds: WebAssembly.Global<"f64">;
  readonly rowCount: WebAssembly.Global<"i32">;
  readonly rowBytes: WebAssembly.Global<"i32">;
  readonly REJECTS: WebAssembly.Global<"i32">;
  readonly rejectCount: WebAssembly.Global<"i32">;
  readonly HOURS: WebAssembly.Global<"i32">;
  readonly hourCount: WebAssembly.Global<"i32">;
  /** The partition of the rows; `mixed` if they are of several. */
  readonly rowsApp: WebAssembly.Global<"i64">;
  readonly rowsHaveApp: WebAssembly.Global<"i32">;
  readonly rowsDay: WebAssembly.Global<"i32">;
  readonly mixed: WebAssembly.Global<"i32">;
  /** What `encodeColumn` made of a column: places and lengths in the memory, counts, the range of integers. */
  readonly pageStart: WebAssembly.Global<"i32">;
  readonly pageBytes: WebAssembly.Global<"i32">;
  readonly dictionaryStart: WebAssembly.Global<"i32">;
  readonly dictionaryBytes: WebAssembly.Global<"i32">;
  readonly dictionaryEntries: WebAssembly.Global<"i32">;
  readonly encoding: WebAssembly.Global<"i32">;
  readonly valueCount: WebAssembly.Global<"i32">;
  readonly least: WebAssembly.Global<"i64">;
  readonly greatest: WebAssembly.Global<"i64">;
  /** How many bytes `shortened` left. */
  readonly shortenedBytes: WebAssembly.Global<"i32">;
  /** Where bytes lie that have the CRC-32 of those that are given: see assembly/crc.ts. */
  shortened(at: number, bytes: number, before: number): number;
  defineField(bytes: number, kind: number, role: number): void;
  defineExtra(): void;
  setMaxDepth(levels: number): void;
  ensureInput(bytes: number): void;
  startMember(): void;
  countLineFeeds(from: number, bytes: number): void;
  decode(from: number, end: number): number;
  repeatBytes(): number;
  decodeRepeats(): number;
  forgetRepeats(): void;
  columnValues(column: number): number;
  encodeColumn(column: number, width: number, isInteger: boolean): void;
  clearRows(): void;
  clearTables(): void;
}

/** What `decode` wants before it goes on. */
export const Wants = { nothing: 0, rowsTaken: 1, tablesTaken: 2 } as const;

const KINDS: Record<FieldKind, number> = { text: 0, int: 1, double: 2, boolean: 3, time: 4, json: 5 };
const ROLES: Record<string, number> = { uuid: 1, event_type: 2, server_upload_time: 3, app: 4 };

/** The decoder's columns in their order. */
export const COLUMNS: readonly { readonly name: string; readonly kind: FieldKind }[] = [
  ...FIELDS,
  { name: EXTRA, kind: "json" },
];

/** Compiles the decoder; a module serves any number of threads. */
export async function compileDecoder(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await readFile(new URL("./decoder.wasm", import.meta.url)));
}

/** Remembers a uuid by the halves of its hash; 1 if it may have come before, else 0. */
export type MayHaveSeen = (low: number, high: number) => number;

/** A decoder of its own memory that knows the fields. */
export async function instantiateDecoder(
  module: WebAssembly.Module,
  mayHaveSeen: MayHaveSeen = () => 0,
): Promise<DecoderExports> {
  const instance = await WebAssembly.instantiate(module, {
    host: { mayHaveSeen, parseDouble: (at: number, bytes: number) => Number(textAt(at, bytes)) },
    env: {
      abort: () => {
        throw new RangeError("The decoder ran out of memory (4 GB).");
      },
    },
  });
  const decoder = instance.exports as unknown as DecoderExports;
  const textAt = (at: number, bytes: number) =>
    Buffer.from(decoder.memory.buffer, at, bytes).toString("latin1");

  decoder.ensureInput(64 * 1024);
  for (const { name, kind } of FIELDS) {
    const bytes = Buffer.from(decoder.memory.buffer).write(name, decoder.input.value);
    decoder.defineField(bytes, KINDS[kind], ROLES[name] ?? 0);
  }
  decoder.defineExtra();
  return decoder;
}
