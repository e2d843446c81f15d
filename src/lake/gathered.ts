import type { AccountSummary } from "./account.js";
import { errorCode } from "./files.js";
import { GATHERED, versionName } from "./paths.js";
import { contentId } from "./sha256.js";
import type { LakeStore } from "./store/lake-store.js";

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

/** The segments of a lake that no other one covers, in order of their first version. */
export async function listSegments(store: LakeStore): Promise<Segment[]> {
  const all: Segment[] = [];
  for (const file of await store.list(GATHERED)) {
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
  store: LakeStore,
  segment: Segment,
): Promise<AccountSummary[] | undefined> {
  const lines = await readChecked(store, segment, "summary");
  return lines?.map((line): AccountSummary => JSON.parse(line));
}

/** The accounts of a segment, each as its own text, in the order of versions; undefined if gone or damaged. */
export function readAccountLines(store: LakeStore, segment: Segment): Promise<string[] | undefined> {
  return readChecked(store, segment, "accounts");
}

/** Writes a segment, its accounts first, and brings it to the disk. `beside(name)` gives a free path. */
export async function writeSegment(
  store: LakeStore,
  gathered: readonly { readonly summary: AccountSummary; readonly text: string }[],
  beside: (name: string) => string,
): Promise<Segment> {
  const accounts = gathered.map(({ text }) => text).join("\n");
  const summaries = gathered.map(({ summary }) => JSON.stringify(summary)).join("\n");
  const versions = gathered.map(({ summary }) => summary.version);
  const [from, to] = [versions[0] ?? 0, versions.at(-1) ?? 0];
  const ids = `${contentId(accounts)}-${contentId(summaries)}`;
  const name = `${versionName(from)}-${versionName(to)}-${gathered.length}-${ids}`;
  for (const [kind, text] of [
    ["accounts", accounts],
    ["summary", summaries],
  ] as const) {
    await store.put(`${GATHERED}/${name}.${kind}.ndjson`, text, beside(`gathered.${kind}`));
  }
  return { name, from, to, count: gathered.length };
}

/** Removes a segment that another one covers. */
export async function removeSegment(store: LakeStore, segment: Segment): Promise<void> {
  await store.remove(`${GATHERED}/${segment.name}.summary.ndjson`);
  await store.remove(`${GATHERED}/${segment.name}.accounts.ndjson`);
}

/** The lines of one of the two files, if their content is what the name says. */
async function readChecked(
  store: LakeStore,
  segment: Segment,
  kind: "accounts" | "summary",
): Promise<string[] | undefined> {
  try {
    const text = (await store.read(`${GATHERED}/${segment.name}.${kind}.ndjson`)).toString("utf8");
    const [accountsId, summaryId] = segment.name.split("-").slice(-2);
    return contentId(text) === (kind === "accounts" ? accountsId : summaryId) ? text.split("\n") : undefined;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
