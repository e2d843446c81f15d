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
  readonly REPEATS: WebAssembly.Global<"i32">;
  readonly repeatCount: WebAssembly.Global<"i32">;
  readonly HOURS: WebAssembly.Global<"i32">;
  readonly hourCount: WebAssembly.Global<"i32">;
  defineField(bytes: number, kind: number, role: number): void;
  defineExtra(): void;
  ensureInput(bytes: number): void;
  startMember(): void;
  countLineFeeds(from: number, bytes: number): void;
  decode(from: number, end: number): number;
  columnData(column: number): number;
  columnLength(column: number): number;
  columnBits(column: number): number;
  columnValues(column: number): number;
  packBooleans(column: number): number;
  clearRows(): void;
  changeBuffers(): void;
  clearTables(): void;
  startSpool(): void;
  resetFilter(logBytes: number): void;
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

let compiled: Promise<WebAssembly.Module> | undefined;

/** A decoder of its own memory that knows the fields. Compiling happens once. */
export async function instantiateDecoder(): Promise<DecoderExports> {
  compiled ??= readFile(new URL("./decoder.wasm", import.meta.url)).then((bytes) =>
    WebAssembly.compile(bytes),
  );
  const instance = await WebAssembly.instantiate(await compiled, {
    host: { parseDouble: (at: number, bytes: number) => Number(textAt(at, bytes)) },
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
