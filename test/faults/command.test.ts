import { expect, test } from "vitest";
import { DOWNLOAD_FAULTS } from "./download-faults.js";
import { tryCommand } from "./try-command.js";

/** Each a way for a key to come back; `npm run test:faults` takes every fault. */
const WAYS = [
  "403",
  "redirect, other origin",
  "429, the keys in its headers",
  "200 with HTML, a key where it is cut",
];

test.each(
  DOWNLOAD_FAULTS.filter(({ name }) => WAYS.includes(name)).map((fault) => ({ fault, name: fault.name })),
)("the command tells no key: $name", async ({ fault }) => {
  const statuses = await tryCommand(fault);
  expect(statuses).toEqual(Array(3).fill({ "403": 2, "redirect, other origin": 1 }[fault.name] ?? 0));
});
