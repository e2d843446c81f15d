import { expect, test } from "vitest";
import { DOWNLOAD_FAULTS } from "./download-faults.js";
import { isSoon, tryCommand } from "./try-command.js";

test.each(DOWNLOAD_FAULTS.filter(isSoon).map((fault) => ({ fault, name: `${fault.name}, ${fault.place}` })))(
  "the command tells no key: $name",
  async ({ fault }) => {
    const statuses = await tryCommand(fault);
    expect(new Set(statuses).size).toBe(1);
    expect([0, 1, 2]).toContain(statuses[0]);
  },
);
