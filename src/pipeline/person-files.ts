import { openInput, type Sink } from "../archive/index.js";
import type { Engine } from "../engine/engine.js";
import { type IdsByField, type PersonRow, rowsOfPerson } from "../engine/person-rows.js";
import { ArchiveError, CancelledError, QueryError } from "../errors/index.js";
import { keptArchives } from "../lake/archives-proof.js";
import type { PersonId } from "../lake/forgotten.js";
import { hasId } from "../lake/ids-in-text.js";
import { QUARANTINE } from "../lake/paths.js";
import { isQuarantineName } from "../lake/quarantine.js";
import type { LakeTable } from "../lake/table.js";
import type { ReplacedFile } from "../lake/vacuum.js";
import { NO_ARCHIVE_LIMITS } from "../limits.js";
import type { Refusal } from "./report.js";

/** What is looked through for whom. */
export interface Search {
  readonly table: LakeTable;
  readonly engine: Engine;
  readonly ids: IdsByField;
  readonly isTheirs: (id: PersonId) => boolean;
  readonly signal: AbortSignal | undefined;
}

/** A quarantine file with lines of the person. */
export interface PersonLines {
  /** Its name. */
  readonly file: string;
  readonly lines: number;
}

/** Tells whether an id is one of `ids`. */
export function matcher(ids: IdsByField): Search["isTheirs"] {
  const sets = new Map([...ids].map(([field, values]) => [field, new Set(values)]));
  return ({ field, value }) => sets.get(field)?.has(value) ?? false;
}

/** The rows of the person in the newest table, by paths inside the lake. */
export async function liveRows({ table, engine, ids, signal }: Search): Promise<PersonRow[]> {
  const paths = new Map([...table.snapshot.files.keys()].map((path) => [table.filePath(path), path]));
  const rows = await rowsOfPerson(engine, [...paths.keys()], ids, signal);
  return rows.map((row) => ({ ...row, file: paths.get(row.file) ?? row.file }));
}

/** The replaced files, still on the disk, that hold a row of the person, and those that cannot be read. */
export async function replacedWithRows(
  search: Search,
): Promise<{ readonly found: readonly ReplacedFile[]; readonly unreadable: readonly Refusal[] }> {
  const { table, engine, ids, signal } = search;
  const found: ReplacedFile[] = [];
  const unreadable: Refusal[] = [];
  for (const file of await table.replacedFiles()) {
    throwIfCancelled(signal);
    try {
      const rows = await rowsOfPerson(engine, [table.filePath(file.path)], ids, signal);
      if (rows.length > 0) found.push(file);
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      if (await table.store.stat(file.path)) unreadable.push(unread(file.path, error.message));
    }
  }
  return { found, unreadable };
}

/** The quarantine files, of whatever age, with lines in which an id of the person stands. */
export async function quarantinesWithLines({ table, isTheirs, signal }: Search): Promise<PersonLines[]> {
  const found: PersonLines[] = [];
  const names = await table.store.list(QUARANTINE);
  for (const file of names.filter(isQuarantineName).sort()) {
    throwIfCancelled(signal);
    let lines = 0;
    for await (const { raw } of table.quarantined(file)) {
      if (hasId(raw.toString("utf8"), isTheirs)) lines += 1;
    }
    if (lines > 0) found.push({ file, lines });
  }
  return found;
}

/** Paths inside the lake of the kept archives in which an id of the person stands, and those that cannot be read. */
export async function archivesWithEvents(
  search: Search,
): Promise<{ readonly found: readonly string[]; readonly unreadable: readonly Refusal[] }> {
  const found: string[] = [];
  const unreadable: Refusal[] = [];
  for (const { path } of await keptArchives(search.table.store)) {
    const release = await search.table.store.hold([path], { signal: search.signal });
    try {
      if (await archiveHas(search, search.table.filePath(path))) found.push(path);
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      unreadable.push(unread(path, error.message));
    } finally {
      await release();
    }
  }
  return { found, unreadable };
}

const PIECE_BYTES = 1 << 20;

async function archiveHas({ isTheirs, signal }: Search, path: string): Promise<boolean> {
  const input = await openInput(path, { limits: NO_ARCHIVE_LIMITS, signal });
  try {
    for (const member of input.members) {
      const lines = new LinesWithId(isTheirs);
      try {
        await input.read(member, lines, signal);
      } catch (error) {
        // What stands before the damage is theirs all the same.
        if (!lines.found) throw error;
      }
      if (lines.end()) return true;
    }
    return false;
  } finally {
    await input.close();
  }
}

/** Looks for the person's ids in the lines of a member. */
class LinesWithId implements Sink {
  found = false;
  private readonly piece = Buffer.alloc(PIECE_BYTES);
  private rest: Buffer = Buffer.alloc(0);

  constructor(private readonly isTheirs: Search["isTheirs"]) {}

  target(): Uint8Array {
    return this.piece;
  }

  take(bytes: number): void {
    if (this.found) return;
    const read = Buffer.concat([this.rest, this.piece.subarray(0, bytes)]);
    const end = read.lastIndexOf(0x0a) + 1;
    this.found = hasId(read.subarray(0, end).toString("utf8"), this.isTheirs);
    this.rest = read.subarray(end);
  }

  /** True if one was found, the last line, which has no end, included. */
  end(): boolean {
    return this.found || hasId(this.rest.toString("utf8"), this.isTheirs);
  }
}

function unread(path: string, reason: string): Refusal {
  return {
    what: path,
    reason,
    wayOut: "It may hold the person's events: delete it, or restore it and forget again.",
  };
}

/** Throws CancelledError once `signal` has fired. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw new CancelledError("Forgetting was cancelled before its end.", "Run it again to go on.", {
    cause: signal.reason,
  });
}
