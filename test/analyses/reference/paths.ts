import type { EventChoice } from "../../../src/analyses/event-choice.js";
import type { PathsOptions, PathsRow } from "../../../src/analyses/paths.js";
import {
  byText,
  type Done,
  durationOf,
  fitsChoice,
  inOrder,
  inRange,
  isActive,
  nameOf,
  segmentsOf,
} from "./local.js";
import type { PlainEvent, Setting } from "./plain-event.js";

interface Path {
  readonly user: bigint;
  /** From the event on away from it. */
  readonly labels: readonly string[];
}

export function paths(
  events: readonly PlainEvent[],
  setting: Setting,
  event: EventChoice,
  options: PathsOptions = {},
): PathsRow[] {
  const { direction = "starting with", steps = 4, window = "1d", count = "uniques", top = 5 } = options;
  const { collapse = false, hide = [], only } = options;
  const forward = direction === "starting with";
  const longest = window === "session" ? setting.until - setting.from : durationOf(window);
  const isEvent = (done: Done) => fitsChoice(done, event, options);
  const all = inOrder(events, setting, options).filter((done) => {
    const type = done.event.event_type;
    const isShown = isActive(done, options) && !hide.includes(type) && (!only || only.includes(type));
    return isEvent(done) || isShown;
  });

  const streams = new Map<string, Done[]>();
  for (const done of all) {
    const { session_id, uuid } = done.event;
    const alone = session_id === null || session_id === -1n;
    const key = window === "session" ? `${done.user} ${alone ? uuid : session_id}` : `${done.user}`;
    const stream = streams.get(key) ?? [];
    const before = stream.at(-1);
    const repeats =
      before !== undefined &&
      before.event.event_type === done.event.event_type &&
      isEvent(before) === isEvent(done);
    if (!(collapse && repeats)) stream.push(done);
    streams.set(key, stream);
  }

  const rows: PathsRow[] = [];
  for (const segment of segmentsOf(options)) {
    const starts: { at: Done; path: Path }[] = [];
    for (const stream of streams.values()) {
      for (const [i, at] of stream.entries()) {
        if (!isEvent(at) || !inRange(at, setting) || !segment.fits(at)) continue;
        const others = forward ? stream.slice(i + 1) : stream.slice(0, i).reverse();
        const near = others.filter((done) => (forward ? done.at - at.at : at.at - done.at) <= longest);
        const labels = [nameOf(event), ...near.slice(0, steps).map((done) => done.event.event_type)];
        starts.push({ at, path: { user: at.user, labels } });
      }
    }
    const order = new Map(all.map((done, i) => [done, i]));
    starts.sort((a, b) => order.get(a.at)! - order.get(b.at)!);
    const seen = new Set<bigint>();
    const kept = starts.filter(({ at }) => {
      if (count === "totals") return true;
      const isFirst = !seen.has(at.user);
      seen.add(at.user);
      return isFirst;
    });
    rows.push(
      ...links(
        segment.name,
        kept.map(({ path }) => path),
      ),
    );
  }
  return rows;

  function links(segment: string, found: readonly Path[]): PathsRow[] {
    const named = Array.from({ length: steps + 1 }, (_, place) => {
      const counts = new Map<string, number>();
      for (const { labels } of found) {
        const label = labels[place];
        if (label !== undefined) counts.set(label, (counts.get(label) ?? 0) + 1);
      }
      const ranked = [...counts].sort(([a, x], [b, y]) => y - x || byText(a, b));
      return ranked.slice(0, place === 0 ? 1 : top).map(([label]) => label);
    });
    const merged = new Map<string, { step: number; from: string; to: string; users: bigint[] }>();
    for (const { user, labels } of found) {
      const shown = labels.map((label, place) => (named[place]!.includes(label) ? label : "(other)"));
      if (shown.length <= steps) shown.push(forward ? "(dropped off)" : "(did not perform an event)");
      for (const [place, label] of shown.slice(0, -1).entries()) {
        const next = shown[place + 1]!;
        const link = forward
          ? { step: place, from: label, to: next }
          : { step: -place - 1, from: next, to: label };
        const known = merged.get(JSON.stringify(link)) ?? { ...link, users: [] };
        known.users.push(user);
        merged.set(JSON.stringify(link), known);
      }
    }
    const allUsers = new Set(found.map(({ user }) => user)).size;
    return [...merged.values()]
      .map(({ step, from, to, users: list }): PathsRow => {
        const [users, totals] = [new Set(list).size, list.length];
        const share = count === "totals" ? totals / found.length : users / allUsers;
        return { segment, step, from, to, users, totals, share };
      })
      .sort(
        (a, b) =>
          a.step - b.step ||
          (count === "totals" ? b.totals - a.totals : b.users - a.users) ||
          byText(a.from, b.from) ||
          byText(a.to, b.to),
      );
  }
}
