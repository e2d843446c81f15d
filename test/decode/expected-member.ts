import { expect } from "vitest";
import { COLUMN_NAMES, type Decoded, type Row } from "./decoding.js";
import { type Expected, expectedOf } from "./expected-row.js";

const BOM = Buffer.from("\ufeff");
const LINE_FEED = 10;
const MICROS_AN_HOUR = 3_600_000_000n;
const APP = COLUMN_NAMES.indexOf("app");
const UPLOAD_TIME = COLUMN_NAMES.indexOf("server_upload_time");

/** A line of a member and what must become of it. */
export interface ExpectedLine {
  readonly raw: Uint8Array;
  /** In bytes from the start of the member. */
  readonly offset: number;
  /** Counted from 1. */
  readonly line: number;
  readonly expected: Expected;
}

/** The lines of a member by the plain reading: cut at line feeds, a BOM at the start left out. */
export function expectedLines(member: Uint8Array): ExpectedLine[] {
  const lines: ExpectedLine[] = [];
  for (let start = 0; start < member.length; ) {
    const feed = member.indexOf(LINE_FEED, start);
    const end = feed < 0 ? member.length : feed;
    const offset = start === 0 && BOM.equals(member.subarray(0, 3)) ? 3 : start;
    const raw = member.subarray(offset, end);
    lines.push({ raw, offset, line: lines.length + 1, expected: expectedOf(raw) });
    start = end + 1;
  }
  return lines;
}

/** Holds the decoder's answer about `members` against the plain reading, in every respect, and gives the plain rows. */
export function checkDecoded(members: readonly Uint8Array[], decoded: Decoded, rows: readonly Row[]): void {
  const all = members.map(expectedLines);
  expect(decoded.members).toMatchObject(all.map(countsOf));
  for (const counts of decoded.members) {
    expect(counts.lines).toBe(counts.loaded + counts.quarantined + counts.blank);
  }
  const lines = all.flat();
  const rejected = lines.filter(({ expected }) => expected.kind === "rejected");
  expect(decoded.rejected.map(rejectionInText)).toEqual(rejected.map(rejectionInText));
  for (const { place, raw, reason } of decoded.rejected) {
    expect(place).toBeLessThanOrEqual(raw.length);
    expect(reason).toMatch(/^\S.*[^.\s]$/);
  }
  checkRows(lines, rows);
  checkHours(decoded, rows);
}

function countsOf(lines: readonly ExpectedLine[]) {
  const count = (kind: Expected["kind"]) => lines.filter(({ expected }) => expected.kind === kind).length;
  return {
    lines: lines.length,
    loaded: count("row"),
    quarantined: count("rejected"),
    blank: count("blank"),
  };
}

function rejectionInText(line: { line: number; offset: number; raw: Uint8Array }): string {
  return `line ${line.line} at ${line.offset}: ${Buffer.from(line.raw).toString("latin1")}`;
}

/** Every column of every row; numbers by Object.is, so that -0 is not 0. */
function checkRows(lines: readonly ExpectedLine[], rows: readonly Row[]): void {
  let index = 0;
  for (const { expected, raw } of lines) {
    if (expected.kind !== "row") continue;
    const row = rows[index++] ?? [];
    for (const [column, name] of COLUMN_NAMES.entries()) {
      if (Object.is(row[column], expected.cells[name])) continue;
      expect(row[column], `${name} of ${Buffer.from(raw)}`).toBe(expected.cells[name]);
    }
  }
  expect(rows.length).toBe(index);
}

/** Each member's events by project and upload hour; `rows` are in the order of decoding. */
function checkHours({ members }: Decoded, rows: readonly Row[]): void {
  let from = 0;
  for (const { loaded, hours } of members) {
    const expected = new Map<string, number>();
    for (const row of rows.slice(from, from + loaded)) {
      const key = `${row[APP]} ${floorDiv(row[UPLOAD_TIME] as bigint, MICROS_AN_HOUR)}`;
      expected.set(key, (expected.get(key) ?? 0) + 1);
    }
    from += loaded;
    const told = hours.map(({ app, hour, events }): [string, number] => [
      `${app} ${BigInt(Date.parse(`${hour}:00:00Z`)) / 3_600_000n}`,
      events,
    ]);
    expect(new Map(told)).toEqual(expected);
    expect(told.length).toBe(expected.size);
  }
  expect(from).toBe(rows.length);
}

function floorDiv(value: bigint, by: bigint): bigint {
  return (value - (((value % by) + by) % by)) / by;
}
