import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { expectAccessible, explorerInBrowser, settled, type Tab } from "./browser.js";

const { open, explorer } = explorerInBrowser();

/** The rows that are in view, as texts. */
async function rowsInView({ page }: Tab): Promise<string[]> {
  return page.evaluate(`(() => {
    const table = document.querySelector(".table");
    const view = table.getBoundingClientRect();
    return [...table.querySelectorAll(".table-row")].filter((row) => {
      const { top, bottom } = row.getBoundingClientRect();
      return bottom > view.top + 40 && top < view.bottom;
    }).map((row) => row.textContent);
  })()`);
}

test("events scroll without a blank row, wherever one goes", async () => {
  const tab = await open("/events");
  const { page } = tab;
  await page.locator(".table-row").first().waitFor();
  const table = page.getByRole("grid", { name: "Events" });
  const box = await table.boundingBox();
  if (!box) throw new Error("The table is not there.");
  await page.mouse.move(box.x + 100, box.y + 200);
  for (let turn = 0; turn < 25; turn++) {
    await page.mouse.wheel(0, 900);
    const rows = await rowsInView(tab);
    expect(rows.length).toBeGreaterThan(5);
    expect(rows.filter((row) => row === "")).toEqual([]);
  }
  await table.focus();
  await page.keyboard.press("End");
  await expect.poll(async () => (await table.getAttribute("aria-busy")) === "false").toBe(true);
  const { total } = await explorer().ask("times", { selection: {} });
  const asked = { selection: {}, columns: ["event_type"], offset: total - 1, limit: 1 };
  const [[type] = []] = (await explorer().ask("events", asked)).rows;
  await expect.poll(async () => (await rowsInView(tab)).at(-1)).toContain(String(type));
  expect(tab.problems).toEqual([]);
  await tab.close();
});

test("a row opens to what it has; a value becomes a filter, and a column", async () => {
  const tab = await open("/events?event=Product+Viewed");
  const { page } = tab;
  await page.locator(".table-row").first().click();
  const panel = page.getByRole("complementary", { name: "Event" });
  await panel.getByRole("heading", { name: "Product Viewed" }).waitFor();
  expect(tab.address()).toContain("open=");
  await panel.getByRole("button", { name: "Show as column: category" }).click();
  await page.getByRole("columnheader", { name: /category/ }).waitFor();
  expect(tab.address()).toContain("columns=");
  await panel.getByRole("button", { name: "Only this: platform" }).click();
  await expect.poll(() => tab.address()).toContain('where=["platform","is"');
  await settled(page);
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  expect(tab.problems).toEqual([]);
  await tab.close();
});

test("the selection is exported to a file with its rows", async () => {
  const tab = await open("/events?event=Order+Completed");
  const { page } = tab;
  const { total } = await explorer().ask("times", { selection: { events: ["Order Completed"] } });
  await page.getByRole("button", { name: "Export" }).click();
  await expectAccessible(page);
  const coming = page.waitForEvent("download");
  await page.getByRole("button", { name: `Export ${total} events` }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toBe("shop-events.csv");
  const lines = (await readFile(await download.path(), "utf8")).trimEnd().split("\n");
  expect(lines).toHaveLength(total + 1);
  expect(tab.problems).toEqual([]);
  await tab.close();
});

test("a user is searched, and its timeline read by session", async () => {
  const tab = await open("/users?sort=events");
  const { page } = tab;
  const [most] = (await explorer().ask("users", { order: "events", limit: 1 })).users;
  await page.getByRole("searchbox", { name: "Search users" }).fill(most?.amplitudeId ?? "");
  await expect.poll(() => tab.address()).toContain(`search=${most?.amplitudeId}`);
  await settled(page);
  await expectAccessible(page);
  await page.getByRole("link", { name: most?.userId ?? most?.deviceId ?? "" }).click();
  expect(tab.address()).toContain(`user=${most?.amplitudeId}`);
  const { events, sessions } = await explorer().ask("timeline", { amplitudeId: most?.amplitudeId ?? "" });
  await expect.poll(() => page.locator(".timeline-event").count()).toBe(events.length);
  expect(await page.getByRole("region", { name: /^Session of/ }).count()).toBeGreaterThanOrEqual(
    sessions.length,
  );
  await expectAccessible(page);
  await page.getByRole("button", { name: "Property changes" }).click();
  await page.locator(".change-list li").first().waitFor();
  await page.getByRole("link", { name: "Events of this user" }).click();
  await expect.poll(() => tab.address()).toContain('where=["amplitude_id","is"');
  expect(tab.problems).toEqual([]);
  await tab.close();
});

test.each([
  { width: 390, height: 780, dark: false },
  { width: 1280, height: 860, dark: true },
])("both pages can be used at $width pixels, dark $dark", async (view) => {
  const tab = await open("/events", view);
  await tab.page.locator(".table-row").first().waitFor();
  await expectAccessible(tab.page);
  await tab.visit("/users");
  await tab.page.locator(".table-row").first().waitFor();
  await expectAccessible(tab.page);
  const wide = await tab.page.evaluate("document.documentElement.scrollWidth > innerWidth");
  expect(wide).toBe(false);
  expect(tab.problems).toEqual([]);
  await tab.close();
});
