import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** Which process, on which machine, since when. Null where the system does not tell. */
export interface Owner {
  readonly pid: number;
  readonly host: string;
  /** The machine's own id, and the id of its present boot (Linux). */
  readonly machine: string | null;
  readonly boot: string | null;
  /** The space in which `pid` counts (Linux), and the clock tick at which the process began there. */
  readonly pidSpace: string | null;
  readonly started: string | null;
  /** ISO time, UTC. */
  readonly at: string;
}

/** This process. `now` in milliseconds since 1970. */
export function thisOwner(now: number): Owner {
  return {
    pid: process.pid,
    host: hostname(),
    machine: textOf("/etc/machine-id"),
    boot: textOf("/proc/sys/kernel/random/boot_id"),
    pidSpace: pidSpace(),
    started: startTick(process.pid),
    at: new Date(now).toISOString(),
  };
}

/**
 * Whether the process still runs. `unknown` if it belongs to another machine or container, which cannot be
 * asked: it must then be taken for alive.
 */
export function ownerState(owner: Owner): "alive" | "dead" | "unknown" {
  const here = thisOwner(0);
  const sameBoot = owner.boot !== null && owner.boot === here.boot;
  const sameMachine = owner.host === here.host && owner.machine === here.machine;
  if (!sameBoot && !sameMachine) return "unknown";
  if (!sameBoot && owner.boot !== here.boot) return "dead";
  if (owner.pidSpace !== here.pidSpace) return "unknown";
  if (!runs(owner.pid)) return "dead";
  const started = startTick(owner.pid);
  return owner.started !== null && started !== null && owner.started !== started ? "dead" : "alive";
}

/** The owner in `text`, undefined if it is none. */
export function parseOwner(text: string): Owner | undefined {
  try {
    const owner: Owner | null = JSON.parse(text);
    return owner && Number.isInteger(owner.pid) && typeof owner.host === "string" ? owner : undefined;
  } catch {
    return undefined;
  }
}

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Field 22 of /proc/PID/stat (proc(5)); the second field may hold spaces and brackets. */
function startTick(pid: number): string | null {
  const stat = textOf(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, "utf8").trim() || null;
  } catch {
    return null;
  }
}

function pidSpace(): string | null {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return null;
  }
}
