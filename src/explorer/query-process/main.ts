// The process that answers questions about a lake. It may be killed at any moment.
import { openLake } from "../../index.js";
import { answerTo } from "./answer.js";
import { failureOf } from "./fault.js";
import type { FromProcess, ProcessSetting, ToProcess } from "./messages.js";

const setting: ProcessSetting = JSON.parse(process.argv[2] ?? "");
const running = new Map<number, AbortController>();

function tell(message: FromProcess): void {
  process.send?.(message);
}

// Ctrl-C reaches every process of a terminal; the server ends this one.
process.on("SIGINT", () => {});
// Without its server it has nothing to do, and a query must not hold it up.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));

const opening = openLake(setting.lake);
opening.then(
  () => tell({ kind: "opened" }),
  (error: unknown) => tell({ kind: "failed", failure: failureOf(error) }),
);

process.on("message", (message: ToProcess) => {
  if (message.kind === "cancel") {
    running.get(message.id)?.abort();
    return;
  }
  const { id, name, input } = message;
  const controller = new AbortController();
  running.set(id, controller);
  opening
    .then((opened) => answerTo(name, input, { ...setting, opened, signal: controller.signal }))
    .then(({ status, body }) => tell({ kind: "answer", id, status, body }))
    .finally(() => running.delete(id));
});

// The engine takes a moment to start: let it be ready when the page asks.
opening.then((lake) => lake.query("SELECT 1 FROM events LIMIT 0")).catch(() => {});
