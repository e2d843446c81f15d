import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ArchiveEffects, OpenInputOptions } from "../../src/archive/index.js";
import { type Input, type Member, type MemberProof, openInput } from "../../src/archive/index.js";
import { afterThisFile } from "../undo.js";

let folder: string | undefined;

function newFolder(): string {
  const made = mkdtempSync(join(tmpdir(), "ampframe-archive-"));
  afterThisFile(() => {
    rmSync(made, { recursive: true, force: true });
    folder = undefined;
  });
  return made;
}

/** Writes `bytes` under `name` in a folder that is removed after the tests; returns the path. */
export function save(name: string, bytes: Uint8Array | string): string {
  folder ??= newFolder();
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

export interface ReadMember extends MemberProof {
  readonly name: string;
  readonly text: Buffer;
  readonly fills: number;
}

/** All bytes of `member`, read through a target of `room` bytes. */
export async function readOne(input: Input, member: Member, room = 65_536): Promise<ReadMember> {
  const parts: Buffer[] = [];
  let memory = new Uint8Array(room);
  const proof = await input.read(member, {
    target: () => memory,
    take: (bytes) => {
      parts.push(Buffer.from(memory.subarray(0, bytes)));
      // The memory moves with every fill, as that of a growing WebAssembly module may.
      memory = new Uint8Array(room);
    },
  });
  return { name: member.name, text: Buffer.concat(parts), fills: parts.length, ...proof };
}

/** Opens the file at `path`, reads all of it, closes it. */
export async function readAll(
  path: string,
  options?: OpenInputOptions,
  effects?: ArchiveEffects,
  room?: number,
): Promise<{ input: Input; members: ReadMember[] }> {
  const input = await openInput(path, options, effects);
  try {
    const members: ReadMember[] = [];
    for (const member of input.members) members.push(await readOne(input, member, room));
    return { input, members };
  } finally {
    await input.close();
  }
}
