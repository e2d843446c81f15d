import { crc32 } from "node:zlib";
import type { ByteSource } from "./byte-source.js";
import type { Packed } from "./input.js";
import type { Refuse } from "./refuse.js";

/** Passes bytes on and refuses them, at the latest at their end, if size or CRC-32 differ from what is expected. */
export class CheckedPieces implements ByteSource {
  #bytes = 0;
  #crc = 0;

  constructor(
    readonly source: ByteSource,
    readonly expected: Packed,
    readonly refuse: Refuse,
  ) {}

  async next(): Promise<Uint8Array | null> {
    const piece = await this.source.next();
    if (piece) {
      this.#bytes += piece.length;
      if (this.#bytes > this.expected.bytes) {
        throw this.refuse(`the zip's directory says ${this.expected.bytes} bytes, the entry holds more`);
      }
      this.#crc = crc32(piece, this.#crc);
      return piece;
    }
    if (this.#bytes !== this.expected.bytes) {
      throw this.refuse(
        `the zip's directory says ${this.expected.bytes} bytes, the entry holds ${this.#bytes}`,
      );
    }
    if (this.#crc !== this.expected.crc32) {
      throw this.refuse(
        `the zip's directory says CRC-32 ${hex(this.expected.crc32)}, the entry gives ${hex(this.#crc)}`,
      );
    }
    return null;
  }

  close(): Promise<void> {
    return this.source.close();
  }
}

/** A CRC-32 as eight hexadecimal digits. */
export function hex(crc: number): string {
  return crc.toString(16).padStart(8, "0");
}
