import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { listenForInterrupt } from "../../src/cli/interrupt.js";

function fakeProcess() {
  const exits: number[] = [];
  const host = Object.assign(new EventEmitter(), { exit: (code: number) => exits.push(code) });
  const talk: string[] = [];
  const stderr = {
    write(text: string | Uint8Array) {
      talk.push(String(text));
      return true;
    },
  };
  return {
    host: host as unknown as NodeJS.Process,
    emit: (name: string) => host.emit(name, name),
    exits,
    talk,
    stderr,
  };
}

test("the first Ctrl-C aborts, the second ends the process at once", () => {
  const { host, emit, exits, talk, stderr } = fakeProcess();
  const interrupt = listenForInterrupt(stderr, host);
  expect(interrupt.status()).toBeUndefined();
  emit("SIGINT");
  expect(interrupt.signal.aborted).toBe(true);
  expect(interrupt.status()).toBe(130);
  expect(exits).toEqual([]);
  expect(talk.join("")).toContain("Ctrl-C again ends at once");
  emit("SIGINT");
  expect(exits).toEqual([130]);
});

test("SIGTERM has its own status, and nothing listens after the release", () => {
  const { host, emit, stderr } = fakeProcess();
  const interrupt = listenForInterrupt(stderr, host);
  emit("SIGTERM");
  expect(interrupt.status()).toBe(143);
  interrupt.release();
  expect(host.listenerCount("SIGINT") + host.listenerCount("SIGTERM")).toBe(0);
});
