import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { lakeRows } from "../start.js";
import { explorerInBrowser, settled, type Tab } from "./browser.js";
import { HOSTILE, hostileLake } from "./hostile-lake.js";

const lakes: string[] = [];
const { open, explorer } = explorerInBrowser(async () => {
  const lake = await hostileLake();
  lakes.push(lake.dir);
  return lake;
});
const [IMAGE = "", SCRIPT = "", , , , TURNED = "", LINES = "", LONG = ""] = HOSTILE;

/** Expects that nothing of what events say became a part of the page, turned its writing or made it wider. */
async function expectHarmless({ page, problems }: Tab): Promise<void> {
  await settled(page);
  const found: unknown = await page.evaluate(`(() => {
    const found = [];
    if ("harmed" in globalThis) found.push("a script ran: " + globalThis.harmed);
    for (const one of document.querySelectorAll("body script, iframe, object, embed, img[src=x], [onload], [onerror], [srcdoc], form[action], base"))
      found.push("an element: " + one.outerHTML.slice(0, 100));
    for (const link of document.querySelectorAll("[href], [src]")) {
      const address = new URL(link.href?.baseVal ?? link.href ?? link.src, location.href);
      if (address.origin !== location.origin && !/^https:\\/\\/(amplitude|help\\.amplitude|www\\.docs\\.developers\\.amplitude)\\.com$/.test(address.origin)) found.push("an address: " + address);
    }
    const control = /[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]/;
    const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.nodeType === 3) { if (control.test(node.data)) found.push("a text: " + JSON.stringify(node.data.slice(0, 80)) + " in " + node.parentElement.className); continue; }
      for (const name of ["title", "aria-label", "aria-valuetext", "alt", "placeholder"])
        if (control.test(node.getAttribute(name) ?? "")) found.push(name + ": " + JSON.stringify(node.getAttribute(name).slice(0, 80)));
    }
    if (control.test(document.title)) found.push("the title of the page");
    const wide = document.documentElement.scrollWidth - innerWidth;
    if (wide > 0) found.push("wider than the window by " + wide + ": " + [...document.querySelectorAll("body *")].filter((one) => { if (one.getBoundingClientRect().right <= innerWidth + 1) return false; for (let up = one.parentElement; up; up = up.parentElement) if (getComputedStyle(up).overflowX !== "visible" && up !== document.body && up !== document.documentElement) return false; return true; }).slice(-3).map((one) => one.outerHTML.slice(0, 120)).join(" | "));
    return found;
  })()`);
  expect(found).toEqual([]);
  expect(problems).toEqual([]);
}

/** Moves the pointer over all that tells something when pointed at. */
async function pointAtAll({ page }: Tab, selector: string): Promise<void> {
  const box = await page.locator(selector).first().boundingBox();
  if (!box) throw new Error(`${selector} is not there.`);
  for (const share of [0.15, 0.35, 0.6, 0.85]) {
    await page.mouse.move(box.x + box.width * share, box.y + box.height * share);
  }
}

const where = (filter: readonly unknown[]) => `where=${encodeURIComponent(JSON.stringify(filter))}`;
const quoted = (name: string) => `event_properties."${name.replaceAll('"', '""')}"`;

test("Overview: values, tooltips and chips", async () => {
  const tab = await open(`/?by=${encodeURIComponent(quoted(IMAGE))}`);
  const { page } = tab;
  await page.getByRole("button", { name: IMAGE }).first().waitFor();
  await expectHarmless(tab);
  await pointAtAll(tab, ".time-bars");
  await expectHarmless(tab);
  await page.getByRole("button", { name: SCRIPT }).first().click();
  await page.getByRole("button", { name: `Remove ${SCRIPT}` }).waitFor();
  await page.getByRole("button", { name: "Add filter" }).click();
  await page.getByRole("option").first().waitFor();
  await expectHarmless(tab);
  await tab.close();
});

test.each(HOSTILE.map((text, i) => [i, text] as const))(
  "Events: filtered by text %i, as a column, and opened",
  async (_, text) => {
    const columns = encodeURIComponent(
      `event_type,user_id,${quoted(text).replace(/[\\,~]/g, "\\$&")},event_properties,user_properties`,
    );
    const tab = await open(`/events?columns=${columns}&${where(["user_id", "is", text])}`);
    const { page } = tab;
    const { total } = await explorer().ask("times", {
      selection: { filters: [{ property: "user_id", value: text }] },
    });
    expect(total).toBe(30);
    await page.getByText("30 events", { exact: true }).first().waitFor();
    const row = page.locator(".table-row").first();
    await row.waitFor();
    expect(await row.getByRole("gridcell").nth(1).textContent()).toBe(
      await row.getByRole("gridcell").nth(2).textContent(),
    );
    await expectHarmless(tab);
    await row.click();
    await page.getByRole("complementary", { name: "Event" }).getByRole("heading", { level: 2 }).waitFor();
    await page
      .getByRole("button", { name: /^Column / })
      .nth(2)
      .focus();
    await page.keyboard.press("Enter");
    await page.getByRole("menuitem").first().waitFor();
    await expectHarmless(tab);
    await tab.close();
  },
);

test("Events: the file of an export is what the lake has, under a name that harms no folder", async () => {
  const tab = await open("/events?columns=uuid,event_type,user_id,event_properties");
  const { page } = tab;
  await page.getByRole("button", { name: "Export" }).click();
  await page.getByText("NDJSON", { exact: true }).click();
  await expectHarmless(tab);
  const coming = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export 450 events" }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toMatch(/^[\w-]+\.ndjson$/);
  const lines = (await readFile(await download.path(), "utf8")).trimEnd().split("\n");
  const rows = lines.map((line): unknown => JSON.parse(line));
  const kept = await lakeRows(
    lakes[0] ?? "",
    "SELECT uuid, event_type, user_id, event_properties FROM events",
  );
  const sorted = (list: readonly unknown[]) => list.map((one) => JSON.stringify(one)).toSorted();
  const parsed = kept.map(({ event_properties, ...row }) => ({
    ...row,
    event_properties: JSON.parse(String(event_properties)),
  }));
  expect(sorted(rows)).toEqual(sorted(parsed));
  await tab.close();
});

test("Users: found, listed, opened, with their properties and what changed", async () => {
  const tab = await open("/users");
  const { page } = tab;
  await page.locator(".table-row").first().waitFor();
  await expectHarmless(tab);
  for (const text of [IMAGE, TURNED, LINES, LONG]) {
    await tab.visit(`/users?search=${encodeURIComponent(text)}`);
    await page.locator(".user-link").first().click();
    await page.locator(".timeline-event").first().waitFor();
    await expectHarmless(tab);
    await page.locator(".timeline-line").first().click();
    await page.getByRole("complementary", { name: "Event", exact: true }).waitFor();
    await expectHarmless(tab);
    await page.getByRole("button", { name: "Property changes" }).click();
    await page.locator(".change-list li").first().waitFor();
    await expectHarmless(tab);
  }
  await tab.close();
});

test("Schema: event types, their properties, users' and groups' properties, changes", async () => {
  const tab = await open("/schema");
  const { page } = tab;
  await page.getByRole("button", { name: IMAGE }).first().waitFor();
  await expectHarmless(tab);
  for (const text of [IMAGE, TURNED, LINES, LONG]) {
    await tab.visit(`/schema?type=${encodeURIComponent(text)}`);
    await page.getByRole("article").first().waitFor();
    await expectHarmless(tab);
  }
  for (const name of await page.getByRole("tab").allTextContents()) {
    await page.getByRole("tab", { name }).click();
    await expectHarmless(tab);
  }
  await tab.close();
});

const property = quoted(IMAGE);
test.each([
  {
    analysis: "segmentation",
    events: [{ event: IMAGE }, { event: TURNED }, { event: LONG }],
    groupBy: ["user_id"],
  },
  { analysis: "funnel", steps: [{ event: IMAGE }, { event: LINES }], groupBy: ["country"] },
  { analysis: "retention", groupBy: ["platform"] },
  { analysis: "paths", event: "_all" },
  { analysis: "composition", property: "version_name" },
  { analysis: "distribution", event: "_all", property },
  { analysis: "segmentation", events: ["_all"], segments: { [IMAGE]: {}, [TURNED]: {} } },
])("Analyses: %j", async (definition) => {
  const tab = await open(`/analyses?q=${encodeURIComponent(JSON.stringify(definition))}`);
  const { page } = tab;
  await page.locator("main figure, main [role=alert]").first().waitFor();
  expect(await page.locator("main [role=alert]").allTextContents()).toEqual([]);
  await expectHarmless(tab);
  await pointAtAll(tab, "main figure");
  await expectHarmless(tab);
  for (const name of ["Explain", "Copy as code"]) {
    await page.getByRole("tab", { name }).click();
    await expectHarmless(tab);
  }
  await tab.close();
});

test("Analyses: a name that no file can have is refused in words", async () => {
  const definition = { analysis: "segmentation", events: [{ event: IMAGE }] };
  const tab = await open(`/analyses?q=${encodeURIComponent(JSON.stringify(definition))}`);
  const { page } = tab;
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByLabel("Name").fill(IMAGE);
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByRole("alert").getByText("<img src=x").waitFor();
  tab.problems.splice(0);
  await expectHarmless(tab);
  await tab.close();
});

test("SQL: rows, names of columns, a picture, a fault and the history", async () => {
  const sql = `SELECT event_type AS "${IMAGE.replaceAll('"', '""')}", user_id AS "x\u202ey", count(*) AS n FROM events GROUP BY ALL ORDER BY n DESC, 1, 2`;
  const tab = await open(`/sql?sql=${encodeURIComponent(sql)}`);
  const { page } = tab;
  await page.getByRole("grid", { name: "Rows" }).getByRole("gridcell").first().waitFor();
  await expectHarmless(tab);
  await page.getByRole("button", { name: "Chart", exact: true }).click();
  await page.locator(".sql-result figure.chart").waitFor();
  await pointAtAll(tab, ".sql-result figure.chart");
  await expectHarmless(tab);
  await page.getByRole("button", { name: "History" }).click();
  await page.getByRole("menuitem").first().waitFor();
  await expectHarmless(tab);
  await tab.close();
});

test("The copy: a line that could not be read", async () => {
  const tab = await open("/copy");
  await tab.page.locator("summary").first().click();
  await tab.page.getByText('{"event_type": <img').first().waitFor();
  await expectHarmless(tab);
  await tab.close();
});
