import { LakeError } from "../errors/index.js";
import { type Action, formatActions } from "./actions.js";
import { errorCode, type LakeFiles } from "./files.js";
import { readVersion } from "./log.js";
import { inLake, LOG, logPath } from "./paths.js";

/**
 * What became of an attempt to write a version: `won`; `lost` to another writer; or `unsure`, when the disk
 * failed at a point where the entry may stand in the log, or will after a power cut.
 */
export type PutOutcome =
  | { readonly kind: "won" }
  | { readonly kind: "lost" }
  | { readonly kind: "unsure"; readonly error: LakeError };

const NO_LINKS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EXDEV", "EMLINK"]);

/**
 * Writes the log entry of `version` if there is none. Correctness rests on this alone: the entry is brought to
 * the disk at the free path `temporary` and then linked, which only one writer can do. `commit` is the UUID in
 * its `commitInfo`, by which it is known again after a failure that tells nothing.
 * Throws what failed if the entry surely does not stand in the log.
 */
export async function putEntry(
  dir: string,
  version: number,
  actions: readonly Action[],
  commit: string,
  temporary: string,
  files: LakeFiles,
): Promise<PutOutcome> {
  try {
    await files.write(temporary, formatActions(actions));
    return await linkEntry(dir, version, commit, temporary, files);
  } finally {
    await files.remove(temporary).catch(() => undefined);
  }
}

async function linkEntry(
  dir: string,
  version: number,
  commit: string,
  temporary: string,
  files: LakeFiles,
): Promise<PutOutcome> {
  try {
    await files.link(temporary, inLake(dir, logPath(version)));
  } catch (error) {
    const standing = await commitAt(dir, version, files);
    if (standing.kind === "unreadable") return unsure(dir, version, error);
    if (standing.commit === undefined && errorCode(error) !== "EEXIST") throw refuseIfNoLinks(dir, error);
    if (standing.commit !== commit) return { kind: "lost" };
  }
  try {
    await files.syncFolder(inLake(dir, LOG));
    return { kind: "won" };
  } catch (error) {
    return unsure(dir, version, error);
  }
}

/** Which commit stands at `version`: its id, `""` if it is another writer's, undefined if there is none. */
async function commitAt(
  dir: string,
  version: number,
  files: LakeFiles,
): Promise<{ kind: "read"; commit: string | undefined } | { kind: "unreadable" }> {
  try {
    const actions = await readVersion(dir, files, version);
    const info = actions?.find((action) => action.commitInfo)?.commitInfo;
    return { kind: "read", commit: actions && (info?.ampframe?.commit ?? "") };
  } catch {
    return { kind: "unreadable" };
  }
}

function unsure(dir: string, version: number, cause: unknown): PutOutcome {
  const found = cause instanceof Error ? cause.message : String(cause);
  const error = new LakeError(
    `The disk would not confirm version ${version} of the lake ${dir}: ${found}.`,
    "Check the disk and run the command again; it goes on from whatever the log then holds.",
    { cause },
  );
  return { kind: "unsure", error };
}

function refuseIfNoLinks(dir: string, error: unknown): unknown {
  if (!NO_LINKS.has(errorCode(error) ?? "")) return error;
  return new LakeError(
    `The file system of ${dir} cannot make hard links, on which safe commits rest.`,
    "Keep the lake on a disk that can (ext4, xfs, APFS, NTFS), not on FAT, exFAT or some network shares.",
    { cause: error },
  );
}
