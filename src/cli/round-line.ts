import type { PullRound } from "../index.js";
import { count, counted, duration } from "./figures.js";
import { replacedClause } from "./replaced.js";

/** A round of a repeating pull in one line: when, what it brought or why it failed, and when the next one begins. */
export function roundLine({ at, report, error, failures, seconds, next }: PullRound): string {
  const again = `next ${next.slice(0, 16)}Z`;
  if (error) {
    const times = failures === 1 ? "failed" : `failed, ${count(failures)} times in a row`;
    return `${at.slice(0, 19)}Z  ${times}: ${error.message} ${error.wayOut}  ${again}`;
  }
  const { hours = 0, loaded = 0, duplicates = 0, forgotten = 0, refused = [] } = report ?? {};
  const parts = [
    counted(hours, "hour"),
    counted(loaded - duplicates - forgotten, "event"),
    counted(duplicates, "duplicate"),
    report ? replacedClause(report) : "",
    refused.length > 0 ? `${count(refused.length)} refused` : "",
    duration(seconds),
  ];
  return `${at.slice(0, 19)}Z  ${parts.filter(Boolean).join(", ")}  ${again}`;
}
