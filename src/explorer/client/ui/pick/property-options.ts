import type { PickName } from "../../../api.js";
import type { PickOption } from "./option.js";

/** What is known of names: columns, event properties, user properties and group properties. */
export interface KnownNames {
  readonly columns?: readonly PickName[] | undefined;
  readonly eventProperties?: readonly PickName[] | undefined;
  readonly userProperties?: readonly PickName[] | undefined;
  readonly groupProperties?: readonly PickName[] | undefined;
}

/**
 * Columns and properties as options; the key is the property as filters write it: `country`, `price`, `user_properties.plan`;
 * an event property that has a column's name is `event_properties.country`.
 */
export function propertyOptions({
  columns = [],
  eventProperties = [],
  userProperties = [],
  groupProperties = [],
}: KnownNames): PickOption[] {
  const taken = new Set(columns.map(({ name }) => name));
  const merged = new Map<string, PickName>();
  for (const one of eventProperties) {
    const before = merged.get(one.name);
    merged.set(one.name, before ? { ...before, events: before.events + one.events } : one);
  }
  const option = (group: string, key: string, { name, type, events }: PickName): PickOption => ({
    key,
    label: name,
    group,
    detail: type,
    count: events,
  });
  return [
    ...[...merged.values()].map((one) =>
      option("Event properties", isPlain(one.name, taken) ? one.name : `event_properties.${one.name}`, one),
    ),
    ...userProperties.map((one) => option("User properties", `user_properties.${one.name}`, one)),
    ...groupProperties.map((one) => option("Group properties", `group_properties.${one.name}`, one)),
    ...columns.map((one) => ({ ...option("Columns", one.name, one), count: undefined })),
  ];
}

function isPlain(name: string, columns: ReadonlySet<string>): boolean {
  return !columns.has(name) && !/^(event|user|group)_properties\./.test(name);
}
