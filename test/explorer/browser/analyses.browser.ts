import { expect, test } from "vitest";
import { expectAccessible, explorerInBrowser } from "./browser.js";

const { open, explorer } = explorerInBrowser();

/** An address that holds a definition. */
const at = (definition: object) => `/analyses?q=${encodeURIComponent(JSON.stringify(definition))}`;
const FUNNEL = { analysis: "funnel", steps: ["Product Viewed", "Product Added"], window: "7d" } as const;

test("without a word one sees the most frequent event; another analysis is one click away and stands in the URL", async () => {
  const { page, address, problems, close } = await open("/analyses");
  const { names } = await explorer().ask("names", { kind: "events" });
  const top = names[0]?.name ?? "";
  await page.getByRole("figure", { name: top }).waitFor();
  await page.getByRole("tab", { name: "Retention" }).click();
  await page.getByRole("figure").getByRole("table").waitFor();
  expect(await address()).toContain('"analysis":"retention"');
  await page.goBack();
  await page.getByRole("figure", { name: top }).waitFor();
  expect(problems).toEqual([]);
  await close();
});

test("a funnel is built by picking events, and shows what the library finds", async () => {
  const { page, address, close } = await open(at(FUNNEL));
  await page.getByRole("button", { name: "Add: + Step" }).click();
  await page.keyboard.type("Order Completed");
  await page.keyboard.press("Enter");
  await expect.poll(address).toContain("Order Completed");
  const { rows, columns } = await explorer().ask("analysis", {
    definition: { ...FUNNEL, steps: [...FUNNEL.steps, "Order Completed"] },
  });
  const users = columns.findIndex(({ name }) => name === "users");
  await expect.poll(() => page.locator(".funnel-step").count()).toBe(3);
  for (const row of rows) {
    await page
      .locator(".funnel")
      .getByText(Number(row[users]).toLocaleString("en-US"), { exact: true })
      .first()
      .waitFor();
  }
  await close();
});

test("a condition, a segment and a group change the rows as they change the definition", async () => {
  const { page, address, close } = await open(at({ analysis: "segmentation", events: ["Product Viewed"] }));
  await page.getByRole("button", { name: "Choose a property" }).click();
  await page.keyboard.type("platform");
  await page.keyboard.press("Enter");
  await expect.poll(address).toContain('"groupBy":["platform"]');
  await page.getByRole("grid", { name: "Rows of the analysis" }).getByText("platform").waitFor();
  await page.getByLabel("Measured as").selectOption("totals");
  await expect.poll(address).toContain('"measure":"totals"');
  await close();
});

test("explanation and code are shown; the code is that of the server", async () => {
  const { page, close } = await open(at(FUNNEL));
  await page.getByRole("tab", { name: "Explain" }).click();
  await page.getByText("Why Amplitude's chart may differ").waitFor();
  expect(await page.getByRole("link", { name: /amplitude\.com/ }).count()).toBeGreaterThan(0);
  await page.getByRole("tab", { name: "Copy as code" }).click();
  const { code } = await explorer().ask("analysis", { definition: FUNNEL, selection: {} });
  expect(await page.locator(".code pre").textContent()).toBe(code.typescript);
  await page.getByRole("button", { name: "Command" }).click();
  expect(await page.locator(".code pre").textContent()).toBe(code.cli);
  await close();
});

test("an analysis is saved, put on a board and found there again", async () => {
  const { page, address, visit, problems, close } = await open(at(FUNNEL));
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByLabel("Name").fill("Buying");
  await page.keyboard.press("Enter");
  await page.getByText('Saved as "Buying".').waitFor();
  await page.getByRole("button", { name: "Saved analyses and boards" }).click();
  await page.getByLabel("Name of a new board").fill("Monday");
  await page.keyboard.press("Enter");
  await expect.poll(address).toContain("board=Monday");
  await page.getByRole("button", { name: "Add a saved analysis" }).click();
  await page.getByRole("option", { name: /^Buying/ }).click();
  await page.locator(".board-card .funnel-step").first().waitFor();
  await visit("/analyses?board=Monday");
  await page.locator(".board-card .funnel-step").first().waitFor();
  await page.getByRole("link", { name: "Buying" }).click();
  await expect.poll(address).toContain('"window":"7d"');
  expect(problems).toEqual([]);
  await close();
});

test("a cohort of those who did an event is kept, and can be compared with all", async () => {
  const { page, address, close } = await open(at({ analysis: "segmentation", events: ["Order Completed"] }));
  await page.getByRole("button", { name: "Cohort", exact: true }).click();
  await page.getByLabel("Name of the cohort").fill("buyers");
  await page.getByRole("button", { name: "Save cohort" }).click();
  await page.getByText(/Cohort "buyers" has \d+ users?\./).waitFor();
  await page.reload();
  await page.getByRole("button", { name: "Add a cohort" }).click();
  await page.getByRole("option", { name: "buyers" }).click();
  await expect.poll(address).toContain('"segments":{"all":{},"buyers":{"cohort":"buyers"}}');
  await close();
});

test("a wrong definition in the URL is told in words", async () => {
  const { page, close } = await open(at({ analysis: "funnel", steps: ["A"], window: "soon" }));
  await page.getByRole("alert").getByText("window").waitFor();
  await close();
});

test.each([
  ["light", { dark: false }],
  ["dark", { dark: true }],
  ["narrow", { width: 390 }],
] as const)("%s: axe finds nothing, and nothing is wider than the page", async (_, view) => {
  const { page, problems, close } = await open(at(FUNNEL), view);
  await page.locator(".funnel-step").first().waitFor();
  await expectAccessible(page);
  expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
  expect(problems).toEqual([]);
  await close();
});
