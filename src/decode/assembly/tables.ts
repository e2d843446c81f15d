// What the host takes away beside the columns: rejected lines, and how many events each project has in each upload
// hour.
export const MAX_REJECTS: u32 = 1024;
export const MAX_HOURS: u32 = 1024;

/** 24 bytes each: start (u32), length (u32), reason (u32), place in the line (u32), line number (f64). */
export const REJECTS = memory.data(1024 * 24, 16);
/** 24 bytes each: app (i64), hour since 1970 (i32), whether app is null (u32), rows (i64). */
export const HOURS = memory.data(1024 * 24, 16);

export let rejectCount: u32 = 0;
export let hourCount: u32 = 0;
let lastHour: u32 = 0;

export function addReject(start: usize, bytes: usize, reason: i32, place: usize, line: f64): void {
  const at = REJECTS + rejectCount++ * 24;
  store<u32>(at, <u32>start);
  store<u32>(at, <u32>bytes, 4);
  store<u32>(at, <u32>reason, 8);
  store<u32>(at, <u32>place, 12);
  store<f64>(at, line, 16);
}

export function addToHour(app: i64, noApp: bool, micros: i64): void {
  const hour = <i32>(micros >= 0 ? micros / 3600000000 : (micros - 3599999999) / 3600000000);
  let entry = lastHour;
  if (entry >= hourCount || !isHour(entry, app, noApp, hour)) {
    entry = 0;
    while (entry < hourCount && !isHour(entry, app, noApp, hour)) entry++;
    if (entry == hourCount) {
      const at = HOURS + hourCount++ * 24;
      store<i64>(at, app);
      store<i32>(at, hour, 8);
      store<u32>(at, noApp, 12);
      store<i64>(at, 0, 16);
    }
    lastHour = entry;
  }
  const at = HOURS + entry * 24;
  store<i64>(at, load<i64>(at, 16) + 1, 16);
}

// @ts-ignore: decorator
@inline
function isHour(entry: u32, app: i64, noApp: bool, hour: i32): bool {
  const at = HOURS + entry * 24;
  return load<i32>(at, 8) == hour && load<i64>(at) == app && load<u32>(at, 12) == <u32>noApp;
}

export function clearTables(): void {
  rejectCount = 0;
  hourCount = 0;
}
