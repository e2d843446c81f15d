import { readFileSync } from "node:fs";
import type { MayHaveSeen } from "./wasm.js";

const PAGE = 65_536;
const MIB = 2 ** 20;
/** As the module was built with. */
const MOST_PAGES = (64 * MIB) / PAGE;

let compiled: WebAssembly.Module | undefined;

/**
 * A blocked Bloom filter over uuids that several threads share: "not seen before" is certain, "seen" wants a closer
 * look. Eight bits of one block each (Putze, Sanders, Singler 2007, "Cache-, hash- and space-efficient
 * Bloom filters"). Of two threads that add the same uuid at once exactly one is told that it is new.
 */
export class SeenUuids {
  /** Adds a uuid by the two halves of its 64-bit hash; whether it may have been added before. */
  readonly mayHaveSeen: MayHaveSeen;

  /** Over `memory` as another thread's filter gave it. */
  constructor(readonly memory: WebAssembly.Memory) {
    compiled ??= new WebAssembly.Module(readFileSync(new URL("./seen-uuids.wasm", import.meta.url)));
    const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
    this.mayHaveSeen = (exports as { readonly mayHaveSeen: MayHaveSeen }).mayHaveSeen;
  }

  /**
   * The memory of an empty filter, of 1 to 64 MiB, good for `count` uuids: two bytes each, by which two in ten thousand are
   * looked at more closely in vain.
   */
  static memoryFor(count: number): WebAssembly.Memory {
    const pages = Math.min(MOST_PAGES, Math.max(MIB / PAGE, Math.ceil((2 * count) / PAGE)));
    return new WebAssembly.Memory({ initial: pages, maximum: MOST_PAGES, shared: true });
  }
}
