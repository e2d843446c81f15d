import type { AccountSummary } from "./account.js";
import { ensureFolder } from "./ensure-folder.js";
import { errorCode, type LakeFiles } from "./files.js";
import { GATHERED, inLake, versionName } from "./paths.js";
import { contentId } from "./sha256.js";

/**
 * Accounts of many commits in two files of the same name: `….accounts.ndjson` holds each account's own line,
 * `….summary.ndjson` their summaries. They are copies that make a big lake quick to open: what is missing or
 * damaged here is read from the account's own file.
 */
export interface Segment {
  /** File name without its ending: first version, last version, count, content id of either file. */
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

const NAME = /^(\d{20})-(\d{20})-(\d+)-([0-9a-f]{16})-([0-9a-f]{16})\.summary\.ndjson$/;

/** The segments of the lake at `dir` that no other one covers, in order of their first version. */
export async function listSegments(dir: string, files: LakeFiles): Promise<Segment[]> {
  const all: Segment[] = [];
  for (const file of await files.list(inLake(dir, GATHERED))) {
    const parts = NAME.exec(file);
    if (!parts) continue;
    const [from, to, count] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
    all.push({ name: file.slice(0, -".summary.ndjson".length), from, to, count });
  }
  all.sort((a, b) => a.from - b.from || b.to - a.to || b.count - a.count);
  const kept: Segment[] = [];
  for (const segment of all) {
    const last = kept.at(-1);
    if (!last || segment.to > last.to) kept.push(segment);
  }
  return kept;
}

/** The summaries of a segment; undefined if it is gone or damaged. */
export async function readSummaries(
  dir: string,
  segment: Segment,
  files: LakeFiles,
): Promise<AccountSummary[] | undefined> {
  const lines = await readChecked(dir, segment, "summary", files);
  return lines?.map((line): AccountSummary => JSON.parse(line));
}

/** The accounts of a segment, each as its own text, in the order of versions; undefined if gone or damaged. */
export function readAccountLines(
  dir: string,
  segment: Segment,
  files: LakeFiles,
): Promise<string[] | undefined> {
  return readChecked(dir, segment, "accounts", files);
}

/** Writes a segment, its accounts first, and brings it to the disk. `beside(name)` gives a free path. */
export async function writeSegment(
  dir: string,
  gathered: readonly { readonly summary: AccountSummary; readonly text: string }[],
  files: LakeFiles,
  beside: (name: string) => string,
): Promise<Segment> {
  const accounts = gathered.map(({ text }) => text).join("\n");
  const summaries = gathered.map(({ summary }) => JSON.stringify(summary)).join("\n");
  const versions = gathered.map(({ summary }) => summary.version);
  const [from, to] = [versions[0] ?? 0, versions.at(-1) ?? 0];
  const ids = `${contentId(accounts)}-${contentId(summaries)}`;
  const name = `${versionName(from)}-${versionName(to)}-${gathered.length}-${ids}`;
  const folder = await ensureFolder(dir, GATHERED, files);
  for (const [kind, text] of [
    ["accounts", accounts],
    ["summary", summaries],
  ] as const) {
    const temporary = beside(`gathered.${kind}`);
    try {
      await files.write(temporary, text);
      await files.rename(temporary, inLake(dir, `${GATHERED}/${name}.${kind}.ndjson`));
    } finally {
      await files.remove(temporary).catch(() => undefined);
    }
    await files.syncFolder(folder);
  }
  return { name, from, to, count: gathered.length };
}

/** Removes a segment that another one covers. */
export async function removeSegment(dir: string, segment: Segment, files: LakeFiles): Promise<void> {
  await files.remove(inLake(dir, `${GATHERED}/${segment.name}.summary.ndjson`));
  await files.remove(inLake(dir, `${GATHERED}/${segment.name}.accounts.ndjson`));
}

/** The lines of one of the two files, if their content is what the name says. */
async function readChecked(
  dir: string,
  segment: Segment,
  kind: "accounts" | "summary",
  files: LakeFiles,
): Promise<string[] | undefined> {
  try {
    const path = inLake(dir, `${GATHERED}/${segment.name}.${kind}.ndjson`);
    const text = (await files.read(path)).toString("utf8");
    const [accountsId, summaryId] = segment.name.split("-").slice(-2);
    return contentId(text) === (kind === "accounts" ? accountsId : summaryId) ? text.split("\n") : undefined;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
