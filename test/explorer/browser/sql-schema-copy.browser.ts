import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { load } from "../../../src/index.js";
import { expectAccessible, explorerInBrowser, settled } from "./browser.js";

const HOSTILE = '<img src=x onerror="document.title=1">';

/** Three days of events whose names and values are markup, one line that nobody can read, and an hour without events. */
async function hostileLake() {
  const folder = mkdtempSync(join(tmpdir(), "ampframe-hostile-"));
  const event = (i: number) =>
    JSON.stringify({
      app: 1,
      uuid: `00000000-0000-4000-8000-${String(i).padStart(12, "0")}`,
      amplitude_id: 100 + (i % 7),
      event_type: i % 3 === 0 ? HOSTILE : "View",
      event_time: `2026-11-2${i % 3} 10:00:0${i % 10}.000000`,
      server_upload_time: `2026-11-2${i % 3} 1${(i % 2) * 2}:00:09.000000`,
      event_properties: { plan: i % 2 === 0 ? "pro" : HOSTILE, price: i % 5 === 0 ? "x" : i, "a.b": i },
      user_properties: { team: HOSTILE },
    });
  const lines = [...Array.from({ length: 60 }, (_, i) => event(i)), "{no json"];
  const file = join(folder, "1_2026-11-20_10#0.json");
  writeFileSync(file, `${lines.join("\n")}\n`);
  const dir = join(folder, "lake");
  await load({ lake: dir, paths: [file] });
  return { dir, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

const { open, explorer } = explorerInBrowser(hostileLake);

test("SQL runs by keys, stands in the URL, completes names, and is drawn, sorted and stopped", async () => {
  const { page, address, problems, visit, close } = await open("/sql");
  const editor = page.getByRole("textbox", { name: "SQL" });
  await editor.fill("");
  await editor.pressSequentially("SELECT event_ty");
  await page.getByRole("option", { name: "event_type column", exact: true }).waitFor();
  await page.keyboard.press("Tab");
  expect(await editor.inputValue()).toBe("SELECT event_type");
  await editor.pressSequentially(", count(*) AS n FROM ev");
  await page.getByRole("option", { name: /^events/ }).waitFor();
  await page.keyboard.press("Enter");
  await editor.pressSequentially(" GROUP BY ALL ORDER BY n");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+Enter");
  const grid = page.getByRole("grid", { name: "Rows" });
  await grid.getByRole("gridcell", { name: HOSTILE }).waitFor();
  expect(await grid.getByRole("gridcell").allTextContents()).toEqual([HOSTILE, "20", "View", "40"]);
  expect(await address()).toContain("sql=SELECT event_type");
  await page.getByTitle("n: sort").click();
  await page.getByTitle("n: sort").click();
  expect(await grid.getByRole("gridcell").allTextContents()).toEqual(["View", "40", HOSTILE, "20"]);
  await page.getByRole("button", { name: "Chart", exact: true }).click();
  await page.locator(".sql-result figure.chart").waitFor();
  await page.reload();
  await settled(page);
  await grid.getByRole("gridcell", { name: "View" }).waitFor();
  await editor.fill("FROM read_text('/etc/passwd')");
  await page.keyboard.press("Control+Enter");
  await page.getByRole("alert").getByText("read_text cannot be used here").waitFor();
  expect(problems.filter((text) => !text.includes("400"))).toEqual([]);
  await visit("/sql");
  await page.getByRole("button", { name: "History" }).click();
  await page.getByRole("menuitem", { name: /GROUP BY ALL/ }).click();
  expect(await editor.inputValue()).toContain("GROUP BY ALL");
  await editor.fill("SELECT count(*) FROM range(10000000) a(x), range(10000000) b(y) WHERE x + y = -1");
  await page.keyboard.press("Control+Enter");
  await page.getByRole("button", { name: "Stop" }).click();
  expect(await page.getByRole("button", { name: "Stop" }).count()).toBe(0);
  await expectAccessible(page);
  await close();
});

test("the schema tells types, drift, fill and values, and leads to the events", async () => {
  const { page, address, problems, visit, close } = await open("/schema");
  await page.getByRole("button", { name: HOSTILE }).waitFor();
  await page.getByRole("button", { name: "View", exact: true }).click();
  expect(await address()).toBe("/schema?type=View");
  const price = page.getByRole("article").filter({ has: page.getByRole("heading", { name: "price" }) });
  await price.getByText("several types").waitFor();
  await expectAccessible(page);
  await page.getByRole("searchbox").fill("plan");
  await page.getByRole("button", { name: "View", exact: true }).waitFor();
  const plan = page.getByRole("article").filter({ has: page.getByRole("heading", { name: "plan" }) });
  await plan.getByRole("button", { name: /^pro/ }).click();
  expect(await address()).toBe('/events?event=View&where=["event_properties.plan","is","pro"]');
  const named = { events: ["View"], filters: [{ property: "event_properties.plan", value: "pro" }] };
  const { values } = await explorer().ask("values", { property: "event_type", selection: named });
  expect(values).toEqual([{ value: "View", events: 20 }]);
  await visit("/schema");
  await page.getByRole("tab", { name: "User properties" }).click();
  await page.getByText(`${HOSTILE}  60`).waitFor();
  await page.getByRole("tab", { name: "Changes" }).click();
  expect(await address()).toBe("/schema?view=changes");
  await expectAccessible(page);
  expect(await page.title()).toBe("Schema · ampframe");
  expect(problems).toEqual([]);
  await close();
});

test("the copy shows hours and quarantine, in the dark and on a narrow window too", async () => {
  const { page, problems, close } = await open("/copy", { dark: true, width: 390 });
  await page.getByText("1 line could not be read").waitFor();
  await page.locator("summary").first().click();
  await page.getByText("{no json").waitFor();
  await page.getByText("run ampframe login").waitFor();
  await page.locator(".copy-cell.loaded").first().waitFor();
  const wide =
    await page.evaluate(`document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("main *")]
    .filter((one) => one.getBoundingClientRect().right > innerWidth && !one.closest(".copy-scroll")).map((one) => one.outerHTML.slice(0, 120))`);
  expect(wide).toEqual([]);
  await expectAccessible(page);
  expect(problems).toEqual([]);
  await close();
});
