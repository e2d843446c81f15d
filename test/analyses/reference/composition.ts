import type { CompositionOptions, CompositionRow } from "../../../src/analyses/composition.js";
import { groupsOf } from "./groups.js";
import { byText, inOrder, inRange, isActive, segmentsOf, usersOf } from "./local.js";
import type { PlainEvent, Setting } from "./plain-event.js";

export function composition(
  events: readonly PlainEvent[],
  setting: Setting,
  property: string,
  options: CompositionOptions = {},
): CompositionRow[] {
  const { values = "most recent", top } = options;
  const active = inOrder(events, setting, options).filter(
    (done) => inRange(done, setting) && isActive(done, options),
  );
  const rows: CompositionRow[] = [];
  for (const segment of segmentsOf(options)) {
    const fitting = active.filter((done) => segment.fits(done));
    const users = usersOf(fitting);
    const looked =
      values === "all"
        ? fitting
        : [...users].map((user) => fitting.filter((done) => done.user === user).at(-1)!);
    const byValue = new Map<string, Set<bigint>>();
    for (const { user, event } of looked) {
      for (const value of groupsOf(event, property)) {
        byValue.set(value, (byValue.get(value) ?? new Set()).add(user));
      }
    }
    const ranked = [...byValue].sort(([a, x], [b, y]) => y.size - x.size || byText(a, b));
    const named = ranked.slice(0, top);
    const others = ranked.slice(named.length);
    if (others.length > 0) named.push(["(other)", new Set(others.flatMap(([, set]) => [...set]))]);
    for (const [value, of] of named) {
      rows.push({ segment: segment.name, value, users: of.size, share: of.size / users.size });
    }
  }
  return rows;
}
