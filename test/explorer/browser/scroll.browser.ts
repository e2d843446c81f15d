import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeLake } from "../../../src/index.js";
import { explorerInBrowser, settled, type Tab } from "./browser.js";

const EVENTS = 1_000_000;
/** Milliseconds in which the rows of any place must be there, on a machine that does other things, too. */
const MOST_MS = 4_000;

const { open, explorer } = explorerInBrowser(async () => {
  const folder = mkdtempSync(join(tmpdir(), "ampframe-million-"));
  const dir = join(folder, "shop");
  await writeLake({ lake: dir, days: 10, eventsPerDay: 105_000, seed: 1 });
  return { dir, remove: () => rmSync(folder, { recursive: true, force: true }) };
}, 1_200_000);

/** Rows in view as texts, and how many rows have room there. */
async function view({ page }: Tab): Promise<{ rows: string[]; room: number }> {
  return page.evaluate(`(() => {
    const table = document.querySelector(".table");
    const { top, bottom } = table.getBoundingClientRect();
    const rows = [...table.querySelectorAll(".table-row")].filter((row) => {
      const box = row.getBoundingClientRect();
      return box.bottom > top + 36 && box.top < bottom - 2;
    });
    return { rows: rows.map((row) => row.textContent), room: Math.floor((table.clientHeight - 34) / 32) };
  })()`);
}

/** Expects that every place for a row has one, with something in it. */
async function expectFilled(tab: Tab): Promise<void> {
  const { rows, room } = await view(tab);
  expect(rows.length).toBeGreaterThanOrEqual(room);
  expect(rows.filter((row) => row.trim() === "")).toEqual([]);
}

test("a million events scroll without a blank row, and any place of them is there in a moment", async () => {
  const tab = await open("/events?columns=event_time,uuid,event_type");
  const { page } = tab;
  const { total } = await explorer().ask("times", { selection: {} });
  expect(total).toBeGreaterThan(EVENTS);
  const table = page.getByRole("grid", { name: "Events" });
  const box = await table.boundingBox();
  if (!box) throw new Error("The table is not there.");
  await page.mouse.move(box.x + 100, box.y + 200);
  for (let turn = 0; turn < 40; turn++) {
    await page.mouse.wheel(0, 2500);
    await expectFilled(tab);
  }
  const whole = async (): Promise<number> => {
    const start = performance.now();
    await page.locator(".table[aria-busy=false]").waitFor();
    return performance.now() - start;
  };
  const took = [await whole()];
  // As one who drags the scroll bar.
  for (const share of [0.5, 0.93, 0.2, 0.71]) {
    await page.evaluate(`(() => {
      const table = document.querySelector(".table");
      table.scrollTop = (table.scrollHeight - table.clientHeight) * ${share};
    })()`);
    await page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))");
    await expectFilled(tab);
    took.push(await whole());
    await expectFilled(tab);
    const first = Number(await page.locator(".table-row").nth(8).getAttribute("aria-rowindex")) - 2;
    expect(Math.abs(first / total - share)).toBeLessThan(0.01);
    const asked = { selection: {}, columns: ["uuid"], offset: first, limit: 1 };
    const [[uuid] = []] = (await explorer().ask("events", asked)).rows;
    expect(await page.locator(".table-row").nth(8).textContent()).toContain(String(uuid));
  }
  await table.focus();
  await page.keyboard.press("End");
  await page.waitForTimeout(50);
  took.push(await whole());
  await expectFilled(tab);
  expect(await table.locator(".table-row").last().getAttribute("aria-rowindex")).toBe(String(total + 1));
  expect(Math.max(...took)).toBeLessThan(MOST_MS);
  await settled(page);
  expect(tab.problems).toEqual([]);
  await tab.close();
}, 300_000);
