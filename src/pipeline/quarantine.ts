import { randomUUID } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { CancelledError, UsageError } from "../errors/index.js";
import { liveQuarantine } from "../lake/live-quarantine.js";
import type { QuarantinedLine } from "../lake/quarantine.js";
import type { LakeTable } from "../lake/table.js";
import { excerptOf } from "./excerpt.js";
import { openTable } from "./open-table.js";

/** Which lines to look at. */
export interface QuarantineOptions {
  /** Folder of the lake. */
  readonly lake: string;
  /** Only lines whose reason has this text in it, in whatever case. */
  readonly reason?: string | undefined;
  /** Examples of each reason, 0 to 1000. Default 3. */
  readonly examples?: number | undefined;
  /** A file to which the lines are written as they came, one a line; replaced if it exists. */
  readonly exportTo?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A line in quarantine, and where it stood. */
export interface QuarantineExample {
  /** The archive or file, and the member in it. */
  readonly input: string;
  readonly member: string;
  /** Number of the line in the member, from 1, and of its first byte after gunzip, from 0. */
  readonly line: number;
  readonly offset: number;
  /** Its first 240 bytes as text: control characters and bytes that are not UTF-8 as escapes. */
  readonly excerpt: string;
  /** The file under `_ampframe/quarantine/` that holds the whole line. */
  readonly file: string;
}

/** Why lines were set aside. */
export interface QuarantineReason {
  readonly reason: string;
  readonly lines: number;
  readonly examples: readonly QuarantineExample[];
}

/** The lines in quarantine. */
export interface QuarantineReport {
  /** Absolute path of the lake. */
  readonly lake: string;
  readonly lines: number;
  /** The most frequent first. */
  readonly reasons: readonly QuarantineReason[];
}

/**
 * The lines that could not be read and still wait in quarantine, by their reasons. Throws UsageError, LakeError (a
 * quarantine file is gone), CancelledError.
 */
export async function quarantine(options: QuarantineOptions): Promise<QuarantineReport> {
  const { reason = "", examples = 3, exportTo, signal } = options;
  if (!Number.isInteger(examples) || examples < 0 || examples > 1000) {
    throw new UsageError(`${examples} examples were asked for.`, "Give a whole number from 0 to 1000.");
  }
  const table = await openTable(options.lake);
  const writer = exportTo === undefined ? undefined : await LineWriter.open(exportTo);
  const reasons = new Map<string, { lines: number; examples: QuarantineExample[] }>();
  let lines = 0;
  try {
    for await (const { file, line } of quarantinedLines(table, signal)) {
      if (!line.reason.toLowerCase().includes(reason.toLowerCase())) continue;
      lines += 1;
      await writer?.write(line.raw);
      const entry = reasons.get(line.reason) ?? { lines: 0, examples: [] };
      reasons.set(line.reason, entry);
      entry.lines += 1;
      if (entry.examples.length < examples) entry.examples.push(exampleOf(line, file));
    }
    await writer?.end();
  } catch (error) {
    await writer?.drop();
    throw error;
  }
  const byReason = [...reasons].map(([reason, entry]) => ({ reason, ...entry }));
  return { lake: table.dir, lines, reasons: byReason.sort((a, b) => b.lines - a.lines) };
}

/** The lines that wait, in the order in which they came; each with the name of its quarantine file. */
async function* quarantinedLines(
  table: LakeTable,
  signal: AbortSignal | undefined,
): AsyncGenerator<{ file: string; line: QuarantinedLine }> {
  for (const { file } of liveQuarantine(await table.summaries())) {
    for await (const line of table.quarantined(file)) {
      if (signal?.aborted) {
        throw new CancelledError("Reading the quarantine was cancelled.", "Run it again.", {
          cause: signal.reason,
        });
      }
      yield { file, line };
    }
  }
}

function exampleOf(quarantined: QuarantinedLine, file: string): QuarantineExample {
  const { raw, origin: { input, member, line, offset } = quarantined } = quarantined;
  return { input, member, line, offset, excerpt: excerptOf(raw), file };
}

/** Writes lines beside a file, and puts them in its place at the end. */
class LineWriter {
  private constructor(
    private readonly path: string,
    private readonly beside: string,
    private readonly file: Awaited<ReturnType<typeof open>>,
  ) {}

  static async open(path: string): Promise<LineWriter> {
    const beside = `${path}.${randomUUID()}`;
    try {
      return new LineWriter(path, beside, await open(beside, "wx"));
    } catch (cause) {
      const found = cause instanceof Error ? cause.message : String(cause);
      throw new UsageError(`${path} cannot be written: ${found}.`, "Name a file in a folder that is there.", {
        cause,
      });
    }
  }

  async write(line: Uint8Array): Promise<void> {
    await this.file.write(Buffer.concat([line, Buffer.from("\n")]));
  }

  async end(): Promise<void> {
    await this.file.sync();
    await this.file.close();
    await rename(this.beside, this.path);
  }

  async drop(): Promise<void> {
    await this.file.close().catch(() => {});
    await rm(this.beside, { force: true });
  }
}
