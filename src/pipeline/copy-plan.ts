import { lastCheckpoint, listLog } from "../lake/log.js";
import {
  ACCOUNTS,
  ANALYSES,
  ARCHIVES,
  BOARDS,
  COHORTS,
  FORGOTTEN,
  GATHERED,
  LOG,
  logPath,
  PROFILES,
  QUARANTINE,
} from "../lake/paths.js";
import type { LakeTable } from "../lake/table.js";
import { committedAccounts } from "../lake/transactions.js";

/** A file of a lake that a copy must have. */
export interface CopyFile {
  /** Inside the lake. */
  readonly path: string;
  /** What its account says, where one does. */
  readonly sha256?: string | undefined;
  /** True for an entry of the log. */
  readonly isEntry: boolean;
}

const ACCOUNT = /\/(\d{20})-([0-9a-f]{16})\.json$/;
const SEGMENT = /\/\d{20}-(\d{20})-[^/]*\.ndjson$/;
const BESIDE = /\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The files that make up a lake as of the table's version, in groups that are to be copied one after the other: whoever
 * sees a part of a copy must not take it for a lake.
 */
export async function filesToCopy(table: LakeTable): Promise<CopyFile[][]> {
  const { store, snapshot } = table;
  const committed = committedAccounts(snapshot);
  const sha256 = new Map<string, string>();
  for await (const { account } of table.accounts()) {
    for (const file of account.files) sha256.set(file.path, file.sha256);
  }
  const plain = (path: string): CopyFile => ({ path, sha256: sha256.get(path), isEntry: false });
  const others: CopyFile[] = [];
  for (const folder of [ACCOUNTS, QUARANTINE, ARCHIVES, FORGOTTEN, COHORTS, ANALYSES, BOARDS, PROFILES]) {
    for await (const { path } of store.walk(folder)) {
      const [, version, id] = ACCOUNT.exec(path) ?? [];
      const isOwn =
        folder !== ACCOUNTS || path.startsWith(`${GATHERED}/`) || committed.get(id ?? "") === Number(version);
      const isLater = Number(SEGMENT.exec(path)?.[1] ?? -1) > snapshot.version;
      if (isOwn && !isLater && !BESIDE.test(path)) others.push(plain(path));
    }
  }
  const listing = await listLog(store);
  const checkpoint = listing.checkpoints.find(({ version }) => version <= snapshot.version);
  const checkpoints = (checkpoint?.parts ?? []).map((name) => plain(`${LOG}/${name}`));
  const entries = [...listing.commits]
    .filter((version) => version <= snapshot.version)
    .sort((a, b) => a - b)
    .map((version) => [{ path: logPath(version), isEntry: true }]);
  const pointer = [plain(`${LOG}/_last_checkpoint`)];
  const isPointed = checkpoint !== undefined && (await lastCheckpoint(store)) === checkpoint.version;
  return [[...snapshot.files.keys()].map(plain), others, checkpoints, ...entries, isPointed ? pointer : []];
}
