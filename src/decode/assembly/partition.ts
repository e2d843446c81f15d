// Which project and UTC upload day the rows in memory are of.
import { rowCount } from "./columns";

/** Where partitions change after fewer events than these, the rows are mixed: each piece by itself would cost more. */
const OWN_RUN: u32 = 1024;

export let rowsApp: i64 = 0;
export let rowsHaveApp: bool = false;
/** Days since 1970. */
export let rowsDay: i32 = 0;
/** True if the rows are of several partitions. */
export let mixed: bool = false;

/** Events of the last one's partition that came one after the other, of rows that were taken away as well. */
let run: u32 = 0;
let runApp: i64 = 0;
let runHasApp: bool = false;
let runDay: i32 = 0;

// @ts-ignore: decorator
@inline
function dayOf(micros: i64): i32 {
  return <i32>(micros >= 0 ? micros / 86400000000 : (micros - 86399999999) / 86400000000);
}

/** Whether an event may lie with the rows; they are mixed from then on if it is of another partition. */
export function joinsRows(app: i64, hasApp: bool, uploadTime: i64): bool {
  const day = dayOf(uploadTime);
  if (rowCount == 0) {
    rowsApp = app;
    rowsHaveApp = hasApp;
    rowsDay = day;
    mixed = false;
  } else if (!mixed && (day != rowsDay || app != rowsApp || hasApp != rowsHaveApp)) {
    if (run >= OWN_RUN) return false;
    mixed = true;
  }
  if (day != runDay || app != runApp || hasApp != runHasApp) {
    runApp = app;
    runHasApp = hasApp;
    runDay = day;
    run = 0;
  }
  run += 1;
  return true;
}
