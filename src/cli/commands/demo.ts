import {
  funnel,
  type Lake,
  LakeError,
  openLake,
  type PullReport,
  pull,
  startEmulator,
  status,
  UsageError,
} from "../../index.js";
import { type Bar, barChart } from "../bars.js";
import { saveExamples } from "../demo-examples.js";
import { counted } from "../figures.js";
import type { Invocation, RunCommand } from "../invocation.js";
import { lakeOption } from "../lake-folder.js";
import { coloured, paintFor } from "../paint.js";
import { withReporting } from "../reporting.js";
import { pullSummary, warnings } from "../summary.js";
import { explore } from "./explore.js";

const PROJECT = "demo";
const DEMO_LAKE = "./amplitude-demo";
const DAYS = 7;
const EVENTS_A_DAY = 17_000;
const DAY_MS = 86_400_000;
const ROWS = 8;
const FUNNEL = ["Product Viewed", "Product Added", "Checkout Started", "Order Completed"];

const TOP_EVENTS =
  "SELECT event_type AS name, count(*)::INT AS value FROM events GROUP BY name ORDER BY value DESC, name LIMIT 8";
const DAILY_USERS = `
  WITH daily AS (
    SELECT event_time::DATE AS day, count(DISTINCT amplitude_id)::INT AS value
    FROM events WHERE event_time::DATE IN (SELECT DISTINCT upload_date FROM events)
    GROUP BY day ORDER BY day DESC LIMIT 8
  )
  SELECT strftime(day, '%a %Y-%m-%d') AS name, value FROM daily ORDER BY day`;

/** Pulls a made-up week from an emulator in this process into a lake, shows it, and says what to try next. */
export const run: RunCommand = async (invocation) => {
  const { options, stdout, stderr, signal, now } = invocation;
  const lake = options.lake ?? DEMO_LAKE;
  const before = await demoLake(lake);
  const talk = (text: string): void => {
    if (!options.quiet && !options.json) stderr.write(text);
  };
  talk(before ? againText(lake) : introText());
  // A made-up product goes on from its first day, so that a later demo adds to it instead of repeating it.
  const days = before ? Math.max(DAYS, Math.ceil((now() - before.firstDay) / DAY_MS) - 1) : DAYS;
  const emulator = await startEmulator({ days, eventsPerDay: EVENTS_A_DAY });
  let report: PullReport;
  try {
    const { apiKey, secretKey, url } = emulator;
    const shop = { lake, credentials: { apiKey, secretKey }, endpoint: url, project: PROJECT };
    report = await withReporting(invocation, ({ onProgress }) =>
      pull({ ...shop, last: `${DAYS}d`, signal, onProgress }),
    );
    if (options.explore) {
      talk(`${pullSummary(report, { lake, paint: paintFor(stderr, invocation.env) })}\n\n`);
      await saveExamples(lake);
      // The shop goes on, so that the page's button to pull has something to bring.
      await explore({ lake, port: options.port, pull: (how) => pull({ ...shop, ...how }) }, invocation);
      return 0;
    }
  } finally {
    await emulator.close();
  }
  const opened = await openLake(lake);
  try {
    if (options.json) {
      stdout.write(
        `${JSON.stringify({ ...report, lake, events: await opened.frame().count({ signal }) })}\n`,
      );
    } else {
      const paint = paintFor(stderr, invocation.env);
      talk(`${pullSummary(report, { lake, paint })}\n\n`);
      for (const warning of warnings(report, lake)) stderr.write(`${paint.yellow("warning:")} ${warning}\n`);
      stdout.write(await frameText(opened, invocation));
      stdout.write(await insights(opened, invocation));
      talk(`\n${nextText(lake, invocation)}`);
    }
  } finally {
    await opened.close();
  }
  return report.refused.length > 0 ? 1 : 0;
};

/** The demo's lake as it is, or undefined if it has nothing yet. Throws UsageError if it holds other projects. */
async function demoLake(lake: string): Promise<{ readonly firstDay: number } | undefined> {
  try {
    const { sources } = await status({ lake });
    const foreign = sources.filter(({ project }) => project !== PROJECT).map(({ project }) => project);
    if (foreign.length > 0) {
      throw new UsageError(
        `The lake ${lake} holds ${foreign.join(", ")}; made-up events would be mixed in.`,
        "Give the demo a lake of its own: ampframe demo --lake ./amplitude-demo.",
      );
    }
    const first = sources[0]?.range?.from;
    return first === undefined ? undefined : { firstDay: Date.parse(`${first.slice(0, 10)}T00:00:00Z`) };
  } catch (error) {
    if (error instanceof LakeError && /no lake/i.test(error.message)) return undefined;
    throw error;
  }
}

async function frameText(lake: Lake, { stdout, env, signal }: Invocation): Promise<string> {
  const width = stdout.isTTY ? (stdout.columns ?? 80) : 100;
  const text = await lake.frame().toText({ rows: ROWS, width, colors: coloured(stdout, env), signal });
  return `${text}\n`;
}

async function insights(lake: Lake, { stdout, env, signal }: Invocation): Promise<string> {
  const paint = paintFor(stdout, env);
  const width = stdout.isTTY ? (stdout.columns ?? 80) : 100;
  const charts = [
    ["Most frequent events", TOP_EVENTS],
    ["Users a day, by event_time in UTC", DAILY_USERS],
  ] as const;
  const texts: string[] = [];
  for (const [title, sql] of charts) {
    const bars = await (await lake.query<Bar>(sql, undefined, { signal })).head(8);
    texts.push(`\n${paint.bold(title)}\n${barChart([...bars], width, paint)}\n`);
  }
  const steps = await funnel(lake, FUNNEL, { last: `${DAYS}d`, signal });
  const drawn = steps.pictureText({ width, colors: coloured(stdout, env) });
  return `${texts.join("")}\n${paint.bold("Users from step to step within a day")}\n${drawn}\n`;
}

function introText(): string {
  return `A local Export API with a made-up shop stands in for Amplitude. Its last ${counted(DAYS, "day")} are pulled.\n\n`;
}

function againText(lake: string): string {
  return `${lake} has the made-up shop of an earlier demo. What is missing of its last ${counted(DAYS, "day")} is pulled.\n\n`;
}

function nextText(lake: string, invocation: Invocation): string {
  const option = lakeOption(lake, invocation);
  const paint = paintFor(invocation.stderr, invocation.env);
  const title = (text: string): string => paint.bold(text);
  return `${title("Go on with these events")}
  ampframe funnel${option} "Product Viewed" "Order Completed" --group-by platform --explain
  ampframe retention${option} --last 7d -o retention.html
  ampframe segmentation${option} "Order Completed" --measure totals --last 7d
  ampframe sql${option} "SELECT platform, count(*) FROM events GROUP BY ALL ORDER BY 2 DESC"
  ampframe export${option} -o events.parquet
  ampframe status${option}
  ampframe verify${option}

${title("And with your own")}
  export AMPLITUDE_API_KEY=… AMPLITUDE_SECRET_KEY=…
  ampframe pull --last 7d
`;
}
