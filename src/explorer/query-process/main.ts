// A process that answers questions about a lake. It may be killed at any moment.
import { answersOfLake } from "./answers-of-lake.js";
import { answersOfSql } from "./answers-of-sql.js";
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

const opening = setting.answers === "sql" ? answersOfSql(setting) : answersOfLake(setting);
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
    .then((answer) => answer(name, input, controller.signal))
    .then(({ status, body }) => tell({ kind: "answer", id, status, body }))
    // What could not be opened has been told.
    .catch(() => {})
    .finally(() => running.delete(id));
});
