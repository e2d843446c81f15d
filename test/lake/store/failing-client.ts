import type { ObjectClient } from "../../../src/lake/store/object-client.js";
import { ObjectError } from "../../../src/lake/store/object-client.js";
import type { FailureMode } from "../failing-files.js";

/** `client`, failing at request number `at` (from 1; 0 never fails) as `mode` says, without an answer. */
export function failingClient(client: ObjectClient, at: number, mode: FailureMode) {
  const log: string[] = [];
  async function request<T>(name: string, work: () => Promise<T>): Promise<T> {
    log.push(name);
    const hit = at > 0 && log.length === at;
    if (!hit && !(at > 0 && log.length > at && mode.startsWith("dead"))) return work();
    if (hit && mode.endsWith("Done")) await work();
    throw new ObjectError(`simulated, ${name}`, undefined);
  }
  const failing: ObjectClient = {
    get: (key, from) => request(`get ${key}`, () => client.get(key, from)),
    read: (key) => request(`read ${key}`, () => client.read(key)),
    head: (key) => request(`head ${key}`, () => client.head(key)),
    async *list(prefix, delimiter) {
      yield* await request(`list ${prefix}`, async () => client.list(prefix, delimiter));
    },
    put: (key, body) => request(`put ${key}`, () => client.put(key, body)),
    putIfAbsent: (key, body) => request(`putIfAbsent ${key}`, () => client.putIfAbsent(key, body)),
    putIfSame: (key, body, tag) => request(`putIfSame ${key}`, () => client.putIfSame(key, body, tag)),
    upload: (key, path) => request(`upload ${key}`, () => client.upload(key, path)),
    copy: (from, to) => request(`copy ${from} ${to}`, () => client.copy(from, to)),
    remove: (key) => request(`remove ${key}`, () => client.remove(key)),
  };
  return { client: failing, log };
}
