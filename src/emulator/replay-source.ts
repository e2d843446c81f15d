import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { UsageError } from "../errors/index.js";
import { type Hour, parseHour } from "../hour.js";
import { gzipped, type HourSource, type Member } from "./hour-source.js";
import { memberName } from "./shop/members.js";

/** A folder of real files, served by the hours they are of. */
export interface ReplaySource extends HourSource {
  /** The project of the first file; 0 if no file says. */
  readonly projectId: number;
  /** The first and the last hour that has a file. */
  readonly from: Hour;
  readonly to: Hour;
}

const NAMED = /^(\d+)_(\d{4}-\d{2}-\d{2})_(\d{1,2})#(\d+)\.json(\.gz)?$/;
const OTHER = /\.(json|ndjson|jsonl)(\.gz)?$/;
const UPLOAD_HOUR = /"server_upload_time"\s*:\s*"(\d{4}-\d{2}-\d{2})[ T](\d{2})/;
const PROJECT = /"app"\s*:\s*(\d+)/;
const NEWLINE = 0x0a;

/** What is served for an hour: a file as it is, or lines of one whose name tells no hour. */
interface Piece {
  readonly projectId: number;
  readonly hour: Hour;
  readonly part: number;
  readonly content: string | Buffer;
}

/**
 * Reads which files of `dir` (and its folders) are of which hour. A member named as Amplitude names it is
 * served as it is (a bare `.json` in gzip); a file of another name is split by the `server_upload_time` of
 * its lines. Throws UsageError if there is no such file.
 */
export async function openReplay(dir: string): Promise<ReplaySource> {
  const pieces: Piece[] = [];
  const files = await readdir(dir, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new UsageError(`The folder "${dir}" cannot be read.`, "Give a folder of member files.", { cause });
  });
  const sorted = files
    .filter((file) => file.isFile())
    .map((file) => [file.name, join(file.parentPath, file.name)] as const)
    .sort(([, a], [, b]) => (a < b ? -1 : 1));
  for (const [name, path] of sorted) {
    const named = NAMED.exec(name);
    const hour = named ? parseHour(`${named[2]}T${named[3]!.padStart(2, "0")}`) : undefined;
    if (named && hour) {
      pieces.push({ projectId: Number(named[1]), hour, part: Number(named[4]), content: path });
    } else if (OTHER.test(name)) pieces.push(...splitByHour(await readContent(path)));
  }
  const hours = pieces.map((piece) => piece.hour).sort();
  if (!hours[0]) {
    throw new UsageError(
      `The folder "${dir}" has no file with events.`,
      "Give a folder with members such as 312746_2026-11-23_5#0.json.gz, or with .json files of event lines.",
    );
  }
  const byHour = grouped(pieces);
  return {
    projectId: pieces[0]!.projectId,
    from: hours[0],
    to: hours[hours.length - 1]!,
    async *members(hour) {
      const own = [...(byHour.get(hour) ?? [])].sort((a, b) => a.projectId - b.projectId || a.part - b.part);
      const parts = new Map<number, number>();
      for (const piece of own) {
        const part = Math.max(piece.part, parts.get(piece.projectId) ?? 0);
        parts.set(piece.projectId, part + 1);
        yield await memberOf(piece, memberName(piece.projectId, hour, part));
      }
    },
  };
}

function grouped(pieces: readonly Piece[]): Map<Hour, Piece[]> {
  const groups = new Map<Hour, Piece[]>();
  for (const piece of pieces) groups.set(piece.hour, [...(groups.get(piece.hour) ?? []), piece]);
  return groups;
}

async function readContent(path: string): Promise<Buffer> {
  const bytes = await readFile(path);
  return isGzip(bytes) ? gunzipSync(bytes) : bytes;
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

async function memberOf({ content, projectId }: Piece, name: string): Promise<Member> {
  const bytes = typeof content === "string" ? await readFile(content) : content;
  if (isGzip(bytes)) return { name, projectId, lines: 0, size: 0, gz: bytes };
  return { name, projectId, lines: 0, size: bytes.length, gz: await gzipped(bytes) };
}

/** Lines with no time go with the line before them, the first ones with the first line that has one. */
function splitByHour(content: Buffer): Piece[] {
  const text = content.toString("latin1");
  const projectId = Number(PROJECT.exec(text)?.[1] ?? 0);
  const lines = new Map<Hour, Buffer[]>();
  const first = UPLOAD_HOUR.exec(text);
  let hour = first ? parseHour(`${first[1]}T${first[2]}`) : undefined;
  if (!hour) return [];
  for (let start = 0; start < content.length; ) {
    const newline = content.indexOf(NEWLINE, start);
    const end = newline < 0 ? content.length : newline + 1;
    const time = UPLOAD_HOUR.exec(text.slice(start, end));
    hour = (time && parseHour(`${time[1]}T${time[2]}`)) || hour;
    const own = lines.get(hour);
    if (own) own.push(content.subarray(start, end));
    else lines.set(hour, [content.subarray(start, end)]);
    start = end;
  }
  return [...lines].map(([of, pieces]) => ({ projectId, hour: of, part: 0, content: Buffer.concat(pieces) }));
}
