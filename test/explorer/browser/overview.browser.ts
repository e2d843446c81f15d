import { expect, test } from "vitest";
import { firstOverview } from "../../../src/explorer/first-overview.js";
import type { Tab } from "./browser.js";
import { expectAccessible, explorerInBrowser } from "./browser.js";

const { open, explorer } = explorerInBrowser();

/** What a figure of the head says, once it is there. */
async function figure({ page }: Tab, name: "events" | "users"): Promise<number> {
  const element = page.locator(`[data-figure=${name}]`);
  await expect.poll(() => element.textContent(), { timeout: 30_000 }).toMatch(/^[\d,]+$/);
  return Number((await element.textContent())?.replaceAll(",", ""));
}

test("drawing over the bars filters every chart, stands in the URL, and can be undone", async () => {
  const tab = await open("/");
  const { page } = tab;
  const before = await figure(tab, "events");
  const plot = page.getByRole("group", { name: /^Events: / });
  const box = await plot.boundingBox();
  if (!box) throw new Error("The plot is not there.");
  await page.mouse.move(box.x + box.width * 0.4, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.7, box.y + 60, { steps: 5 });
  expect(await tab.address()).toBe("/");
  await expect.poll(() => figure(tab, "events")).toBeLessThan(before);
  await page.mouse.up();
  const found = /^\/\?from=(\S+Z)&to=(\S+Z)$/.exec(await tab.address());
  const selection = { from: found?.[1], to: found?.[2] };
  const { counts } = await explorer().ask("user-counts", { selection });
  const { values } = await explorer().ask("values", { property: "data_type", selection });
  expect(await figure(tab, "events")).toBe(values.reduce((sum, { events }) => sum + events, 0));
  expect(await figure(tab, "users")).toBe(counts[0]?.users);
  await page.keyboard.press("z");
  expect(await tab.address()).toBe("/");
  expect(await figure(tab, "events")).toBe(before);
  expect(tab.problems).toEqual([]);
  await tab.close();
});

test("a value is picked by a click and by keys, and taken back", async () => {
  const tab = await open("/");
  const { page } = tab;
  const before = await figure(tab, "events");
  await page.getByRole("button", { name: /^iOS/ }).click();
  expect(await tab.address()).toBe('/?where=["platform","is","iOS"]');
  const ios = await figure(tab, "events");
  expect(ios).toBeLessThan(before);
  await page.getByRole("button", { name: /^Germany/ }).focus();
  await page.keyboard.press("Enter");
  expect(await tab.address()).toBe('/?where=["platform","is","iOS"]&where=["country","is","Germany"]');
  expect(await figure(tab, "events")).toBeLessThan(ios);
  await page.goBack();
  expect(await figure(tab, "events")).toBe(ios);
  await page.getByRole("button", { name: /^iOS/ }).click();
  expect(await tab.address()).toBe("/");
  await expectAccessible(page);
  expect(tab.problems).toEqual([]);
  await tab.close();
});

test("arrow keys pick a time, and zooming in makes the steps finer", async () => {
  const tab = await open("/?by=city");
  const { page } = tab;
  await figure(tab, "events");
  await page.getByRole("group", { name: /^Events: / }).focus();
  for (const key of ["ArrowRight", "ArrowRight", "Shift+ArrowRight"]) await page.keyboard.press(key);
  const picked = await figure(tab, "events");
  expect(await tab.address()).toMatch(/^\/\?from=\S+&to=\S+&by=city$/);
  await page.getByRole("button", { name: "Zoom in" }).click();
  await page.getByRole("heading", { name: "Events by quarter of an hour" }).waitFor();
  expect(await figure(tab, "events")).toBe(picked);
  await page.getByRole("button", { name: "Zoom out" }).click();
  await page.getByRole("heading", { name: "Events by hour" }).waitFor();
  expect(await figure(tab, "events")).toBe(picked);
  expect(tab.problems).toEqual([]);
  await tab.close();
});

test("what the page asks first is what was counted before it was there", async () => {
  const tab = await open("/sql");
  const asked: unknown[] = [];
  tab.page.on("request", (request) => {
    if (request.url().endsWith("/api/overview")) asked.push(request.postDataJSON());
  });
  await tab.visit("/");
  expect(asked[0]).toEqual(firstOverview(await explorer().ask("lake", {})));
  await tab.close();
});
