import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { expectAccessible, explorerInBrowser, settled } from "./browser.js";

const PAGES = ["Overview", "Events", "Users", "Schema", "Analyses", "SQL", "The copy"];
const PATHS = ["/", "/events", "/users", "/schema", "/analyses", "/sql", "/copy"];
const { open } = explorerInBrowser();

test("every page is reached by the navigation and by keys, and has a title of its own", async () => {
  const { page, address, close } = await open();
  for (const [i, name] of PAGES.entries()) {
    await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name }).click();
    await page.getByRole("heading", { level: 1, name }).waitFor();
    expect(await address()).toBe(PATHS[i]);
    expect(await page.title()).toBe(`${name} · ampframe`);
  }
  for (const [key, path] of [
    ["u", "/users"],
    ["o", "/"],
    ["c", "/copy"],
  ] as const) {
    await page.keyboard.press("g");
    await page.keyboard.press(key);
    expect(await address()).toBe(path);
  }
  await close();
});

test("a filter is picked by keys alone, stands in the URL, and survives pages and a reload", async () => {
  const { page, address, close, problems } = await open("/events");
  await page.getByRole("button", { name: "Add filter" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("option").first().waitFor();
  await page.keyboard.type("country");
  await page.getByRole("option", { name: "country" }).first().waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("option", { name: "Germany" }).waitFor();
  await page.keyboard.type("Germ");
  await page.getByRole("option", { name: "Germany" }).waitFor();
  expect(await page.locator(".pick [role=option]").allTextContents()).toEqual([
    expect.stringContaining("Germany"),
    "Germas typed",
  ]);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  expect(await address()).toBe('/events?where=["country","is","Germany"]');
  await page.keyboard.press("g");
  await page.keyboard.press("u");
  expect(await address()).toBe('/users?where=["country","is","Germany"]');
  await page.reload();
  await settled(page);
  await page.getByRole("button", { name: "country is Germany", exact: true }).waitFor();
  expect(problems).toEqual([]);
  await close();
});

test("undo, redo and the browser's back button walk through the selection", async () => {
  const { page, address, close } = await open("/events?event=Buy");
  await page.getByRole("button", { name: /^Time range/ }).click();
  await page.getByRole("button", { name: "Last day" }).click();
  const selected = await address();
  expect(selected).toMatch(
    /^\/events\?from=\d{4}-\d\d-\d\dT00:00:00Z&to=\d{4}-\d\d-\d\dT00:00:00Z&event=Buy$/,
  );
  await page.getByRole("button", { name: "Clear" }).click();
  expect(await address()).toBe("/events");
  await page.keyboard.press("z");
  expect(await address()).toBe(selected);
  await page.keyboard.press("z");
  expect(await address()).toBe("/events?event=Buy");
  await page.keyboard.press("Shift+Z");
  expect(await address()).toBe(selected);
  await page.goBack();
  await page.goBack();
  expect(await address()).toBe(selected);
  await page.getByRole("button", { name: "Remove Buy" }).click();
  expect(await address()).toBe(selected.replace("&event=Buy", ""));
  await close();
});

test("what a URL says wrongly is left out, and an unknown page says so", async () => {
  const { page, visit, close } = await open("/events?from=yesterday&where=[1,2]&where={&event=Buy");
  expect(await page.getByRole("button", { name: /^Remove / }).count()).toBe(1);
  await visit("/nothing");
  await page.getByText('There is no page "nothing".').waitFor();
  await close();
});

test("the theme follows the system until one is chosen, which is kept", async () => {
  const { page, close } = await open("/", { dark: true });
  const theme = () => page.locator("html").getAttribute("data-theme");
  expect(await theme()).toBe("dark");
  await page.emulateMedia({ colorScheme: "light" });
  await expect.poll(theme).toBe("light");
  await page.keyboard.press("t");
  await page.keyboard.press("t");
  expect(await theme()).toBe("dark");
  await page.reload();
  await settled(page);
  expect(await theme()).toBe("dark");
  await close();
});

test("sheets take the focus and give it back", async () => {
  const { page, close } = await open();
  const focused = () => page.evaluate("document.activeElement?.getAttribute('aria-label')");
  const button = page.getByRole("button", { name: /^Time range/ });
  await button.click();
  await page.keyboard.press("Escape");
  expect(await focused()).toMatch(/^Time range/);
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  await page.keyboard.press("z");
  await page.keyboard.press("Escape");
  await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
  expect(await focused()).toMatch(/^Time range/);
  await page.keyboard.press("/");
  await page.getByRole("combobox").waitFor();
  await page.keyboard.type("sql");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "SQL" }).waitFor();
  await close();
});

test.each(PATHS)("%s is accessible and fits, in both themes and in a narrow window", async (path) => {
  const { page, problems, close } = await open(path);
  for (const [width, colorScheme] of [
    [1280, "light"],
    [1280, "dark"],
    [390, "light"],
  ] as const) {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme });
    await expectAccessible(page);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
  }
  expect(problems).toEqual([]);
  await close();
});

test("the whole page weighs less than 1 MB, compressed", () => {
  const folder = new URL("../../../dist/explorer/", import.meta.url);
  const files = readdirSync(folder).filter((name) => /\.(html|js|css|svg)$/.test(name));
  const weight = files.reduce((sum, name) => sum + gzipSync(readFileSync(new URL(name, folder))).length, 0);
  expect(files.length).toBeGreaterThan(9);
  expect(weight).toBeLessThan(1_000_000);
});
