import type { Member } from "./input.js";
import { namedHour, noEventsReason } from "./member-name.js";
import { FIXED_BYTES, LOCAL_MARK, readLocalHeader, SIZES_FOLLOW } from "./zip-local-header.js";

const DESCRIPTOR_BYTES = 16;
const DIRECTORY_MARK = 0x02014b50;
const DESCRIPTOR_MARK = Buffer.from("PK\x07\x08", "latin1");
const ENCRYPTED = 0x1;
const UNKNOWN = 0xffffffff;

/** What a local header says, and where the data behind it begin. */
interface Entry {
  readonly name: string;
  readonly method: number;
  readonly data: number;
  readonly crc32: number;
  /** null if they follow the data. */
  readonly compressedBytes: number | null;
  readonly bytes: number;
}

/**
 * Finds the members of a zip while it comes, by what stands before and behind their data. That is a guess until the zip's
 * directory at its end says the same; where it cannot guess (sizes of 4 GB, encryption, damage) it finds no more.
 */
export class ArrivingZip {
  /** Bytes that are still to be looked at, and where they stand in the zip. */
  #held: Buffer = Buffer.alloc(0);
  #at = 0;
  #entry: Entry | undefined;
  #lost = false;

  /** Takes the next bytes of the zip; gives the members that have come whole. */
  take(piece: Uint8Array): Member[] {
    const found: Member[] = [];
    if (this.#lost) return found;
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    this.#held = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    for (;;) {
      this.#entry ??= this.#readHeader();
      const whole = this.#entry && this.#end(this.#entry);
      if (!whole) break;
      this.#entry = undefined;
      if (!whole.name.endsWith("/") && noEventsReason(whole.name) === undefined) found.push(whole);
    }
    // What was given stands only until the caller reads on.
    this.#held = this.#lost ? Buffer.alloc(0) : Buffer.from(this.#held);
    return found;
  }

  #readHeader(): Entry | undefined {
    const head = this.#held;
    if (head.length < FIXED_BYTES) return undefined;
    const header = readLocalHeader(head);
    if (!header || (header.flags & ENCRYPTED) !== 0 || Object.values(header.sizes).includes(UNKNOWN)) {
      this.#lost = true;
      return undefined;
    }
    const { flags, method, crc32, sizes, nameBytes, extraBytes } = header;
    const length = FIXED_BYTES + nameBytes + extraBytes;
    if (head.length < length) return undefined;
    const entry = {
      name: head.toString("utf8", FIXED_BYTES, FIXED_BYTES + nameBytes),
      ...{ method, crc32, data: this.#at + length },
      compressedBytes: (flags & SIZES_FOLLOW) === 0 ? sizes.compressed : null,
      bytes: sizes.plain,
    };
    this.#skip(length);
    return entry;
  }

  /** The member of `entry` if all of it is there; what of its data is there is skipped. */
  #end(entry: Entry): Member | undefined {
    if (entry.compressedBytes === null) return this.#endBeforeDescriptor(entry);
    const end = entry.data + entry.compressedBytes;
    this.#skip(Math.min(end - this.#at, this.#held.length));
    return this.#at === end ? memberOf(entry, entry.compressedBytes, entry) : undefined;
  }

  /** Looks for a descriptor that names as many bytes as stand before it, and behind which an entry or the directory begins. */
  #endBeforeDescriptor(entry: Entry): Member | undefined {
    for (;;) {
      const place = this.#held.indexOf(DESCRIPTOR_MARK);
      // The mark's first bytes may have come.
      this.#skip(place < 0 ? Math.max(0, this.#held.length - DESCRIPTOR_MARK.length + 1) : place);
      if (place < 0 || this.#held.length < DESCRIPTOR_BYTES + 4) return undefined;
      const compressedBytes = this.#held.readUInt32LE(8);
      const next = this.#held.readUInt32LE(DESCRIPTOR_BYTES);
      if (compressedBytes === this.#at - entry.data && (next === LOCAL_MARK || next === DIRECTORY_MARK)) {
        const said = { crc32: this.#held.readUInt32LE(4), bytes: this.#held.readUInt32LE(12) };
        this.#skip(DESCRIPTOR_BYTES);
        return memberOf(entry, compressedBytes, said);
      }
      this.#skip(DESCRIPTOR_MARK.length);
    }
  }

  #skip(bytes: number): void {
    this.#held = this.#held.subarray(bytes);
    this.#at += bytes;
  }
}

function memberOf(
  { name, method, data }: Entry,
  compressedBytes: number,
  { crc32, bytes }: { readonly crc32: number; readonly bytes: number },
): Member {
  return { name, compressedBytes, ...namedHour(name), packed: { data, method, crc32, bytes } };
}
