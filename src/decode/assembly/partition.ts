// Which project and UTC upload day the rows in memory are of.
import { rowCount } from "./columns";

/** Fewer rows of a partition than these are not taken away by themselves, but mixed with what follows. */
const OWN_ROWS: u32 = 1024;

export let rowsApp: i64 = 0;
export let rowsHaveApp: bool = false;
/** Days since 1970. */
export let rowsDay: i32 = 0;
/** True if the rows are of several partitions. */
export let mixed: bool = false;

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
    if (rowCount >= OWN_ROWS) return false;
    mixed = true;
  }
  return true;
}
