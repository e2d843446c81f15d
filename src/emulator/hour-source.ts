import { promisify } from "node:util";
import { crc32 as crc32Of, deflateRaw, gzip } from "node:zlib";
import type { Hour } from "../hour.js";
import type { HourPlanner } from "./shop/hour-plan.js";
import { membersOf } from "./shop/members.js";
import type { ZipEntry } from "./zip-writer.js";

/** A member of an archive: NDJSON in gzip. */
export interface Member {
  /** `312746_2026-11-23_5#0.json.gz` */
  readonly name: string;
  /** The project it is of, which names its folder in the archive. */
  readonly projectId: number;
  readonly lines: number;
  /** Bytes before gzip. */
  readonly size: number;
  readonly gz: Buffer;
}

/** Where the emulator's events come from: a synthetic shop or a folder of real files. */
export interface HourSource {
  /** The members of `hour`, in their order; none if it has no events. The same bytes each time. */
  members(hour: Hour): AsyncIterable<Member>;
}

/** How an archive keeps its members: as they are, or deflated once more, as zip tools do by default. */
export type Compression = "store" | "deflate";

const compress = promisify<Buffer, { level: number }, Buffer>(gzip);
const deflate = promisify<Buffer, { level: number }, Buffer>(deflateRaw);
const UNIX = 3;

/**
 * The members of a shop. One is compressed in Node's thread pool (`level` 1 to 9, default 6) while the next
 * is written, so that two cores are busy.
 */
export function shopSource(planner: HourPlanner, level = 6): HourSource {
  return {
    async *members(hour) {
      let before: Promise<Member> | undefined;
      for (const { name, lines, ndjson } of membersOf(planner, hour)) {
        const next = gzipped(ndjson, level).then((gz) => {
          return { name, projectId: planner.shop.projectId, lines, size: ndjson.length, gz };
        });
        if (before) yield await before;
        before = next;
      }
      if (before) yield await before;
    },
  };
}

/**
 * `bytes` in gzip, with no time and always the same system in its header, so that equal bytes give equal
 * bytes.
 */
export async function gzipped(bytes: Buffer, level = 6): Promise<Buffer> {
  const gz = await compress(bytes, { level });
  gz[9] = UNIX;
  return gz;
}

/** What an archive holds for `member`, and the entry that describes it. */
export async function packMember(
  member: Member,
  compression: Compression,
): Promise<{ entry: ZipEntry; content: Buffer }> {
  const content = compression === "deflate" ? await deflate(member.gz, { level: 1 }) : member.gz;
  return {
    content,
    entry: {
      name: `${member.projectId}/${member.name}`,
      method: compression === "deflate" ? 8 : 0,
      crc32: crc32Of(member.gz),
      size: member.gz.length,
      compressedSize: content.length,
    },
  };
}
