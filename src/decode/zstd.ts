import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import * as zlib from "node:zlib";

/** Makes one zstd frame of some bytes, at level 1; the next call may write over it. */
export type Compress = (bytes: Uint8Array) => Uint8Array;

/** What Node's own zlib has since 22.15. */
interface NativeZstd {
  readonly zstdCompressSync?: (bytes: Uint8Array, options: { params: Record<number, number> }) => Buffer;
  readonly constants: { readonly [name: string]: number };
}

/** What @bokuweb/zstd-wasm compiled from zstd.h; addresses and sizes are of its memory. */
interface ZstdModule {
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(address: number): void;
  _ZSTD_createCCtx(): number;
  _ZSTD_compressBound(bytes: number): number;
  _ZSTD_compress_usingDict(
    ...call: [
      ...[context: number, target: number, targetBytes: number, source: number, sourceBytes: number],
      ...[dictionary: number, dictionaryBytes: number, level: number],
    ]
  ): number;
  _ZSTD_isError(size: number): number;
}

const LEVEL = 1;
const NO_DICTIONARY = 0;
/** Bytes that there is room for at first. */
const ROOM = 2 ** 18;

/** Node's own zstd where it has one, which is faster, else the same library in WebAssembly. */
export async function loadZstd({ zstdCompressSync, constants }: NativeZstd = zlib): Promise<Compress> {
  const parameter = constants.ZSTD_c_compressionLevel;
  if (zstdCompressSync && parameter !== undefined) {
    return (bytes) => zstdCompressSync(bytes, { params: { [parameter]: LEVEL } });
  }
  compiled ??= initialize();
  return compiled;
}

/** Once a thread: a second `init` of @bokuweb/zstd-wasm 0.0.27 takes the memory away from the first. */
let compiled: Promise<Compress> | undefined;

/**
 * What the package exports makes a context and a buffer for each page. The one takes a quarter of the time that a page of some
 * kilobytes does, the others were a sixth of the memory of a long load; so what it is made of is used.
 */
async function initialize(): Promise<Compress> {
  const require = createRequire(import.meta.url);
  const entry = require.resolve("@bokuweb/zstd-wasm");
  await require(entry).init();
  return compressIn(require(join(dirname(entry), "module.js")).Module);
}

function compressIn(zstd: ZstdModule): Compress {
  const context = zstd._ZSTD_createCCtx();
  const roomFor = (bytes: number) => {
    const targetBytes = zstd._ZSTD_compressBound(bytes);
    const [source, target] = [zstd._malloc(bytes), zstd._malloc(targetBytes)];
    if (source === 0 || target === 0) throw new Error(`zstd has no room for ${bytes} bytes.`);
    return { bytes, source, target, targetBytes };
  };
  let room = roomFor(ROOM);
  return (bytes) => {
    if (bytes.length > room.bytes) {
      zstd._free(room.source);
      zstd._free(room.target);
      room = roomFor(bytes.length);
    }
    const { source, target, targetBytes } = room;
    zstd.HEAPU8.set(bytes, source);
    const from = [context, target, targetBytes, source, bytes.length] as const;
    const size = zstd._ZSTD_compress_usingDict(...from, NO_DICTIONARY, 0, LEVEL);
    if (zstd._ZSTD_isError(size)) throw new Error(`zstd could not compress ${bytes.length} bytes: ${size}.`);
    return zstd.HEAPU8.subarray(target, target + size);
  };
}
