import { expect, test } from "vitest";
import { NotConfirmedError } from "../../../src/lake/store/lake-store.js";
import { putIfAbsent, putIfStill } from "../../../src/lake/store/put-if-absent.js";
import { answerer, clientOf } from "./in-bucket.js";
import type { Fault } from "./s3-answerer.js";

const KEY = "lake/_delta_log/00000000000000000001.json";

/** The first request to put gets this answer, the others the right one. */
function firstPut(fault: Fault): void {
  let puts = 0;
  answerer.fault = ({ kind }) => (kind === "PUT if-absent" && puts++ === 0 ? fault : undefined);
}

test.each([
  ["500 after it took effect", { status: 500, after: true }],
  ["503 before", { status: 503 }],
  ["409 after it took effect", { status: 409, after: true }],
  ["409 before", { status: 409 }],
  ["412 after it took effect", { status: 412, after: true }],
  ["a connection cut after it took effect", { status: "cut", after: true }],
  ["a connection cut before", { status: "cut" }],
] as const)("%s is found out by reading", async (_, fault) => {
  firstPut(fault);
  expect(await putIfAbsent(await clientOf("lake"), KEY, "ours")).toBe(true);
  expect(answerer.objects.get(KEY)?.body.toString()).toBe("ours");
});

test.each([{ status: 500 }, { status: 409 }, { status: "cut" }] as const)(
  "another's object behind a failure (%o) is not taken for ours",
  async (fault) => {
    let puts = 0;
    answerer.fault = ({ kind, key }) => {
      if (kind !== "PUT if-absent" || puts++ > 0) return undefined;
      answerer.objects.set(key, { body: Buffer.from("theirs"), modified: 0 });
      return fault;
    };
    expect(await putIfAbsent(await clientOf("lake"), KEY, "ours")).toBe(false);
    expect(answerer.objects.get(KEY)?.body.toString()).toBe("theirs");
  },
);

test("what the store refuses for certain is told as it is; what stays open is told as open", async () => {
  const client = await clientOf("lake");
  answerer.fault = () => ({ status: 403 });
  await expect(putIfAbsent(client, KEY, "ours")).rejects.toThrow("HTTP status 403");
  await expect(putIfAbsent(client, KEY, "ours")).rejects.not.toThrow(NotConfirmedError);
  let puts = 0;
  answerer.fault = ({ kind }) =>
    kind === "PUT if-absent" ? { status: puts++ === 0 ? "cut" : 403 } : undefined;
  await expect(putIfAbsent(client, KEY, "ours", 1)).rejects.toThrow(NotConfirmedError);
});

test("of several who put in the place of the same object one is told so, and the others leave it", async () => {
  const client = await clientOf("lake");
  const replace = (before: string | undefined, body: string) =>
    putIfStill(client, KEY, (found) => found?.toString() === before, body, 1);
  for (const before of [undefined, "first"]) {
    if (before !== undefined) await client.put(KEY, before);
    const bodies = Array.from({ length: 6 }, (_, i) => `writer ${i}`);
    const told = await Promise.all(bodies.map((body) => replace(before, body)));
    expect(told.filter(Boolean)).toEqual([true]);
    expect(answerer.objects.get(KEY)?.body.toString()).toBe(bodies[told.indexOf(true)]);
    expect(await replace(before, "late")).toBe(false);
  }
});

test.each([
  ["500 after it took effect", { status: 500, after: true }],
  ["409 before", { status: 409 }],
  ["412 after it took effect", { status: 412, after: true }],
  ["a connection cut after it took effect", { status: "cut", after: true }],
  ["a connection cut before", { status: "cut" }],
] as const)("%s is found out by reading where an object is replaced, too", async (_, fault) => {
  const client = await clientOf("lake");
  await client.put(KEY, "old");
  let puts = 0;
  answerer.fault = ({ kind }) => (kind === "PUT if-same" && puts++ === 0 ? fault : undefined);
  expect(await putIfStill(client, KEY, (found) => found?.toString() === "old", "ours", 1)).toBe(true);
  expect(answerer.objects.get(KEY)?.body.toString()).toBe("ours");
});
