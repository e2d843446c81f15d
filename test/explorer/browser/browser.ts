import axe from "axe-core";
import { type Browser, type BrowserContext, chromium, type Page, type Request } from "playwright-core";
import { afterAll, beforeAll, expect } from "vitest";
import { type Opened, openExplorer, shopLake } from "../start.js";

const CHROMIUM = process.env.AMPFRAME_CHROMIUM ?? "/usr/bin/chromium";

/** How a page is looked at. */
export interface View {
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
}

/** A tab with the explorer in it. */
export interface Tab {
  readonly page: Page;
  /** Errors of the console and of scripts, and requests to other hosts. */
  readonly problems: string[];
  /** Path and query as the page has them now, decoded. */
  address(): Promise<string>;
  /** Opens another path in this tab, as a person who types it. */
  visit(path: string): Promise<void>;
  close(): Promise<void>;
}

/** A lake to look at, made before the tests of a file and removed after them. */
export type MakeLake = () => Promise<{ readonly dir: string; readonly remove: () => void }>;

/**
 * For a test file: an explorer on a lake (default the shop of three days) and a browser, which start before its tests and end
 * after them; `makeMs` is the time that this may take. `open` gives a new tab, in a profile of its own, when everything that was asked for is there.
 */
export function explorerInBrowser(makeLake: MakeLake = shopLake, makeMs?: number) {
  const started: { lake?: Awaited<ReturnType<MakeLake>>; explorer?: Opened; browser?: Browser } = {};
  const contexts: BrowserContext[] = [];
  beforeAll(async () => {
    started.lake = await makeLake();
    started.explorer = await openExplorer({ lake: started.lake.dir });
    started.browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  }, makeMs);
  afterAll(async () => {
    await started.browser?.close();
    await started.explorer?.close();
    started.lake?.remove();
  });

  return {
    /** The explorer, to ask it the same as the page. */
    explorer(): Opened {
      if (!started.explorer) throw new Error("The explorer has not started.");
      return started.explorer;
    },
    async open(path = "/", { width = 1280, height = 860, dark = false }: View = {}): Promise<Tab> {
      const { explorer, browser } = started;
      if (!explorer || !browser) throw new Error("The explorer has not started.");
      const base = `http://127.0.0.1:${explorer.port}`;
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme: dark ? "dark" : "light",
        reducedMotion: "reduce",
      });
      contexts.push(context);
      const [name = "", value = ""] = explorer.cookie.split("=");
      await context.addCookies([{ name, value, url: base, httpOnly: true, sameSite: "Strict" }]);
      const page = await context.newPage();
      const problems: string[] = [];
      page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") problems.push(message.text());
      });
      page.on("pageerror", (error) => problems.push(String(error)));
      page.on("request", (request) => {
        if (!request.url().startsWith(`${base}/`)) problems.push(`a request to ${request.url()}`);
      });
      askedOf(page);
      const visit = async (to: string): Promise<void> => {
        await page.goto(`${base}${to}`);
        await settled(page);
      };
      await visit(path);
      return {
        page,
        problems,
        visit,
        address: async () => {
          const href = await page.evaluate<string>("location.href");
          return decodeURIComponent(href.slice(base.length));
        },
        close: () => context.close(),
      };
    },
  };
}

/** Milliseconds in which nothing is asked. */
const QUIET_MS = 250;
const MOST_MS = 60_000;

/** Waits until everything that was asked for is there, and drawn. */
export async function settled(page: Page): Promise<void> {
  const asked = askedOf(page);
  await page.locator("main h1, main [role=alert]").first().waitFor();
  const end = Date.now() + MOST_MS;
  for (let since = Date.now(); Date.now() - since < QUIET_MS; ) {
    const isBusy = asked.size > 0 || (await page.locator("[aria-busy=true]").count()) > 0;
    if (isBusy) since = Date.now();
    if (Date.now() > end)
      throw new Error(`Still waiting for ${[...asked].map((one) => one.url()).join(", ")}`);
    await page.waitForTimeout(25);
  }
}

const requests = new WeakMap<Page, Set<Request>>();

/** The requests of a page that are not answered yet. */
function askedOf(page: Page): ReadonlySet<Request> {
  const known = requests.get(page);
  if (known !== undefined) return known;
  const asked = new Set<Request>();
  requests.set(page, asked);
  page.on("request", (request) => asked.add(request));
  page.on("requestfinished", (request) => asked.delete(request));
  page.on("requestfailed", (request) => asked.delete(request));
  return asked;
}

/** Expects that axe finds nothing wrong, by WCAG 2.2 AA and its own best practices. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axe.source);
  const found: unknown =
    await page.evaluate(`axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) =>
    violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, failureSummary }) => [id, help, target.join(" "), failureSummary].join(" · "))))`);
  expect(found).toEqual([]);
}
