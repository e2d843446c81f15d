/** `1234567` as `1,234,567`. */
export function count(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** `count` and the noun, in the plural where it is due: `1 hour`, `2 hours`. */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** A number in at most five characters: `950`, `9.5 k`, `310 k`, `1.2 M`. */
export function short(value: number): string {
  return scaled(value, 1000, ["", " k", " M", " G"]);
}

/** Bytes in decimal units: `950 B`, `41.2 MB`. */
export function bytes(value: number): string {
  return scaled(value, 1000, [" B", " kB", " MB", " GB", " TB"]);
}

/** Seconds: `0.4 s`, `12.3 s`, `2 min 05 s`, `1 h 02 min`. */
export function duration(seconds: number): string {
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} min`;
}

/** Seconds as on a clock: `0:07`, `12:40`, `1:02:03`. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${pad(whole % 60)}`;
  return `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(whole % 60)}`;
}

function pad(value: number): string {
  return value.toString().padStart(2, "0");
}

function scaled(value: number, step: number, units: readonly string[]): string {
  let left = value;
  let unit = 0;
  while (left >= step * 0.9995 && unit < units.length - 1) {
    left /= step;
    unit += 1;
  }
  const digits = unit === 0 || left >= 99.95 ? 0 : 1;
  return `${left.toFixed(digits)}${units[unit]}`;
}
