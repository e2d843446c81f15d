// File systems that lie in a file and can lose their power. They need Linux, root, mkfs.ext4, mkfs.xfs and xfs_io.
import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { works } from "./commands.mjs";

const exec = promisify(execFile);

/** More than pull wants to be free; the file is sparse. */
const BYTES = 2 ** 30;
/** With auto_da_alloc ext4 would write out a file that is renamed over another, which no other system does. */
const FILE_SYSTEMS = {
  ext4: { make: ["mkfs.ext4", "-q", "-F"], options: "loop,noauto_da_alloc" },
  xfs: { make: ["mkfs.xfs", "-q", "-f"], options: "loop" },
};

/** @typedef {keyof typeof FILE_SYSTEMS} FileSystem */
export const FILE_SYSTEM_NAMES = /** @type {FileSystem[]} */ (Object.keys(FILE_SYSTEMS));

/**
 * A new disk with file system `kind` in `folder`, mounted. `cut` ends its power: nothing reaches it any more, not even
 * what the journal holds in memory. `restart` gives it back as it then was. It goes when the process ends.
 * @param {FileSystem} kind
 * @param {string} folder
 */
export function makeDisk(kind, folder) {
  const { make, options } = FILE_SYSTEMS[kind];
  const [image, path] = [join(folder, `${kind}.img`), join(folder, kind)];
  writeFileSync(image, "");
  truncateSync(image, BYTES);
  const [mkfs = "", ...args] = make;
  execFileSync(mkfs, [...args, image]);
  mkdirSync(path);
  const mount = () => execFileSync("mount", ["-o", options, image, path]);
  mount();
  const remove = () => {
    if (!works("umount", [path])) works("umount", ["-l", path]);
    rmSync(image);
  };
  process.prependListener("exit", remove);
  return {
    kind,
    /** Where it is mounted. */
    path,
    /** Brings all to the disk. */
    sync: () => execFileSync("sync", ["-f", path]),
    cut: () => exec("xfs_io", ["-x", "-c", "shutdown", path]),
    async restart() {
      // The last files of an ended process may be a moment from being closed.
      for (let tries = 0; !works("umount", [path]); tries++) {
        if (tries > 50) throw new Error(`${path} stays in use`);
        await delay(50);
      }
      mount();
    },
    /** @returns {void} */
    remove() {
      process.off("exit", remove);
      remove();
    },
  };
}

/** What is missing for such disks, in words; undefined if nothing is. */
export function missingForDisks() {
  if (process.platform !== "linux") return "they need Linux";
  if (process.getuid?.() !== 0) return "they need root, for mount and xfs_io";
  const tools = ["mkfs.ext4", "mkfs.xfs", "xfs_io", "strace"].filter((tool) => !works(tool, ["-V"]));
  if (tools.length > 0) return `${tools.join(", ")} missing (apt-get install e2fsprogs xfsprogs strace)`;
  return undefined;
}
