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
  expect(await tab.address()).toContain("open=");
  await panel.getByRole("button", { name: "Show as column: category" }).click();
  await page.getByRole("columnheader", { name: /category/ }).waitFor();
  expect(await tab.address()).toContain("columns=");
  await panel.getByRole("button", { name: "Only this: platform" }).click();
  await expect.poll(() => tab.address()).toContain('where=["platform","is"');
  await settled(page);
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  expect(tab.problems).toEqual([]);
  await tab.close();
});

test("the selection is exported to a file with its rows", async () => {
  const tab = await open("/events?event=Order+Completed&columns=uuid,event_type,platform");
  const { page } = tab;
  const { total } = await explorer().ask("times", { selection: { events: ["Order Completed"] } });
  await page.getByRole("button", { name: "Export" }).click();
  await expectAccessible(page);
  const coming = page.waitForEvent("download");
  await page.getByRole("button", { name: `Export ${total} events` }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toBe("shop-events.csv");
  const [head, ...lines] = (await readFile(await download.path(), "utf8")).trimEnd().split(/\r?\n/);
  expect(head).toBe("uuid,event_type,platform");
  const { rows } = await explorer().ask("query", {
    sql: "SELECT uuid, event_type, platform FROM events WHERE event_type = 'Order Completed'",
  });
  expect(rows).toHaveLength(total);
  expect(lines.toSorted()).toEqual(rows.map((row) => row.map((cell) => cell ?? "").join()).toSorted());
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
  expect(await tab.address()).toContain(`user=${most?.amplitudeId}`);
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

test("the keyboard does all in the table: rows are marked, opened, stepped through, copied and left again", async () => {
  const tab = await open("/events?columns=event_type,uuid,user_id");
  const { page } = tab;
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const { rows } = await explorer().ask("events", {
    ...{ selection: {}, columns: ["event_type", "uuid", "user_id"], offset: 0, limit: 6 },
  });
  const table = page.getByRole("grid", { name: "Events" });
  await table.focus();
  for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Control+c");
  await page.getByText("The row was copied.").first().waitFor();
  const copied = () => page.evaluate("navigator.clipboard.readText()");
  expect(await copied()).toBe(rows[2]?.map((cell) => cell ?? "").join("\t"));
  await page.keyboard.press("Enter");
  await expect.poll(() => tab.address()).toContain(`open=${rows[2]?.[1]}`);
  const panel = page.getByRole("complementary", { name: "Event" });
  await panel.getByRole("heading", { level: 2, name: String(rows[2]?.[0]) }).waitFor();
  await page.keyboard.press("ArrowDown");
  await expect.poll(() => tab.address()).toContain(`open=${rows[3]?.[1]}`);
  await settled(page);
  await panel.getByRole("button", { name: "Copy as JSON" }).click();
  await page.getByText("The event was copied as JSON.").waitFor();
  const { event } = await explorer().ask("event", { uuid: String(rows[3]?.[1]) });
  const json: unknown = JSON.parse(String(await copied()));
  expect(json).toMatchObject({ uuid: event.uuid, event_type: event.event_type });
  expect(json).toHaveProperty("event_properties", JSON.parse(String(event.event_properties)));
  await panel.focus();
  await page.keyboard.press("Escape");
  expect(await panel.count()).toBe(0);
  expect(await page.evaluate("document.activeElement?.getAttribute('aria-label')")).toBe("Events");
  await page.keyboard.press("End");
  await expect.poll(async () => (await rowsInView(tab)).at(-1)).toContain(String((await last())[1]));
  await page.keyboard.press("Home");
  await expect.poll(async () => (await rowsInView(tab))[0]).toContain(String(rows[0]?.[1]));
  expect(tab.problems).toEqual([]);
  await tab.close();
});

/** The oldest event: its type and uuid. */
async function last() {
  const { total } = await explorer().ask("times", { selection: {} });
  const asked = { selection: {}, columns: ["event_type", "uuid"], offset: total - 1, limit: 1 };
  return (await explorer().ask("events", asked)).rows[0] ?? [];
}

test("columns are chosen, moved, made wider, taken out and sorted by, and stand in the URL", async () => {
  const tab = await open("/events?columns=event_time,event_type,country");
  const { page } = tab;
  const heads = async () =>
    (await page.getByRole("columnheader").allTextContents()).map((text) => text.replace(/(UTC)?[↑↓]?$/, ""));
  await page.getByRole("button", { name: "Choose columns" }).click();
  await page.keyboard.type("city");
  await page.getByRole("option", { name: /^city/ }).first().click();
  await page.keyboard.press("Escape");
  await expect.poll(heads).toEqual(["event_time", "event_type", "country", "city"]);
  await page.getByRole("button", { name: "Column city" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: "Move left" }).click();
  await expect.poll(heads).toEqual(["event_time", "event_type", "city", "country"]);
  const edge = page.getByRole("separator", { name: "Width of event_type" });
  await edge.focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => tab.address()).toContain("event_type~252");
  const box = await edge.boundingBox();
  if (!box) throw new Error("The edge is not there.");
  await page.mouse.move(box.x + 4, box.y + 10);
  await page.mouse.down();
  await page.mouse.move(box.x - 46, box.y + 10, { steps: 4 });
  await page.mouse.up();
  await expect.poll(() => tab.address()).toContain("event_type~202");
  await page.getByTitle("country: sort").click();
  await expect.poll(() => tab.address()).toContain("sort=");
  await settled(page);
  const columns = ["event_time", "event_type", "city", "country"];
  const order = { column: "country", descending: false };
  const { rows } = await explorer().ask("events", { selection: {}, columns, order, offset: 0, limit: 8 });
  const cells = await page.locator(".table-row").first().getByRole("gridcell").allTextContents();
  expect(cells.slice(1)).toEqual(rows[0]?.slice(1).map((cell) => cell ?? "–"));
  await page.getByTitle("country: sort").click();
  await settled(page);
  expect(await page.getByRole("columnheader", { name: /^country/ }).getAttribute("aria-sort")).toBe(
    "descending",
  );
  await page.getByRole("button", { name: "Column country" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: "Remove column" }).click();
  await expect.poll(heads).toEqual(["event_time", "event_type", "city"]);
  await page.goBack();
  await expect.poll(heads).toEqual(columns);
  expect(tab.problems).toEqual([]);
  await tab.close();
});

test("users are walked through by keys; a timeline is in order, by session, and of the types that are picked", async () => {
  const tab = await open("/users?sort=events");
  const { page } = tab;
  const [, second] = (await explorer().ask("users", { order: "events", limit: 2 })).users;
  const amplitudeId = second?.amplitudeId ?? "";
  await page.getByRole("grid", { name: "Users" }).focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect.poll(() => tab.address()).toContain(`user=${amplitudeId}`);
  const { events } = await explorer().ask("timeline", { amplitudeId });
  await expect.poll(() => page.locator(".timeline-event").count()).toBe(events.length);
  expect(await page.locator(".timeline-type").allTextContents()).toEqual(events.map(({ type }) => type));
  const bySession = events.flatMap(({ session }, i) =>
    i > 0 && events[i - 1]?.session === session ? [] : [session],
  );
  expect(await page.locator(".session").count()).toBe(bySession.length);
  const { types } = await explorer().ask("user", { amplitudeId });
  const button = page.locator(".type-list button").first();
  expect(await button.locator(".type-name").textContent()).toBe(types[0]?.value);
  await button.click();
  await expect.poll(() => page.locator(".timeline-event").count()).toBe(types[0]?.events);
  await page.locator(".timeline-line").first().click();
  const panel = page.getByRole("complementary", { name: "Event", exact: true });
  await panel.getByRole("heading", { level: 2, name: types[0]?.value ?? "" }).waitFor();
  await settled(page);
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  expect(await panel.count()).toBe(0);
  expect(tab.problems).toEqual([]);
  await tab.close();
});
