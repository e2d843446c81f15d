import type { CheckpointStore } from "../../src/lake/checkpoint.js";
import { diskFiles, type LakeFiles } from "../../src/lake/files.js";

/**
 * How the disk fails at an operation. `once`: that one fails and has no effect; `onceDone`: it has its effect,
 * but reports failure; `dead`: it and all later ones fail, as for a process that was killed; `deadDone`: it has
 * its effect, all later ones fail. A write without effect leaves half of its bytes.
 */
export type FailureMode = "once" | "onceDone" | "dead" | "deadDone";

/** The real disk and checkpoint store, failing at operation number `at` (from 1; 0 never fails). */
export function failingFiles(at: number, mode: FailureMode, store: CheckpointStore, code = "EIO") {
  let count = 0;
  const log: string[] = [];

  async function operation<T>(
    name: string,
    work: () => Promise<T>,
    half?: () => Promise<unknown>,
  ): Promise<T> {
    count += 1;
    log.push(name);
    const hit = at > 0 && count === at;
    const after = at > 0 && count > at && mode.startsWith("dead");
    if (!hit && !after) return work();
    if (hit && mode.endsWith("Done")) await work();
    else if (hit) await half?.();
    throw Object.assign(new Error(`${code}: simulated, ${name}`), { code });
  }

  const files: LakeFiles = {
    read: (path) => operation(`read ${path}`, () => diskFiles.read(path)),
    async *stream(path) {
      yield* await operation(`stream ${path}`, async () => diskFiles.stream(path));
    },
    list: (path) => operation(`list ${path}`, () => diskFiles.list(path)),
    stat: (path) => operation(`stat ${path}`, () => diskFiles.stat(path)),
    write: (path, content) =>
      operation(
        `write ${path}`,
        () => diskFiles.write(path, content),
        async () => {
          if (typeof content === "string") {
            await diskFiles.write(path, content.slice(0, content.length / 2));
          }
        },
      ),
    sync: (path) => operation(`sync ${path}`, () => diskFiles.sync(path)),
    syncFolder: (path) => operation(`syncFolder ${path}`, () => diskFiles.syncFolder(path)),
    makeFolder: (path) => operation(`makeFolder ${path}`, () => diskFiles.makeFolder(path)),
    rename: (from, to) => operation(`rename ${to}`, () => diskFiles.rename(from, to)),
    link: (from, to) => operation(`link ${to}`, () => diskFiles.link(from, to)),
    remove: (path) => operation(`remove ${path}`, () => diskFiles.remove(path)),
    removeFolder: (path) => operation(`removeFolder ${path}`, () => diskFiles.removeFolder(path)),
  };
  const checkpoints: CheckpointStore = {
    write: (ndjson, parquet) => operation(`checkpoint ${parquet}`, () => store.write(ndjson, parquet)),
    read: (parquet) => operation(`checkpoint ${parquet[0]}`, () => store.read(parquet)),
  };
  return { files, checkpoints, log, count: () => count };
}
