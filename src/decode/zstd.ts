import { createRequire } from "node:module";
import * as zlib from "node:zlib";

/** Makes one zstd frame of some bytes, at level 1. */
export type Compress = (bytes: Uint8Array) => Uint8Array;

/** What Node's own zlib has since 22.15. */
interface NativeZstd {
  readonly zstdCompressSync?: (bytes: Uint8Array, options: { params: Record<number, number> }) => Buffer;
  readonly constants: { readonly [name: string]: number };
}

interface WasmZstd {
  init(): Promise<void>;
  createCCtx(): number;
  compressUsingDict(context: number, bytes: Uint8Array, dictionary: Uint8Array, level: number): Uint8Array;
}

const LEVEL = 1;
const NO_DICTIONARY = new Uint8Array(0);

/** Node's own zstd where it has one, which is faster, else the same library in WebAssembly. */
export async function loadZstd({ zstdCompressSync, constants }: NativeZstd = zlib): Promise<Compress> {
  const parameter = constants.ZSTD_c_compressionLevel;
  if (zstdCompressSync && parameter !== undefined) {
    return (bytes) => zstdCompressSync(bytes, { params: { [parameter]: LEVEL } });
  }
  initialized ??= initialize();
  const wasm = await initialized;
  // One context for all pages: to make one takes a quarter of the time that a page of some kilobytes does.
  const context = wasm.createCCtx();
  return (bytes) => wasm.compressUsingDict(context, bytes, NO_DICTIONARY, LEVEL);
}

/** Once a thread: a second `init` of @bokuweb/zstd-wasm 0.0.27 takes the memory away from the first. */
let initialized: Promise<WasmZstd> | undefined;

async function initialize(): Promise<WasmZstd> {
  const wasm: WasmZstd = createRequire(import.meta.url)("@bokuweb/zstd-wasm");
  await wasm.init();
  return wasm;
}
