import { PRODUCTS } from "./catalogue.js";
import type { Delivery } from "./delivery.js";
import { type EventKind, isServerSide } from "./visit.js";

/** A person's events as Amplitude counts them after merging, by rising `event_time`. */
export type PersonEvents = readonly Delivery[];

/** The device whose Amplitude id a line carries: 0 for all that is known to be the person's. */
export function identityOf({ act, visit }: Delivery): number {
  return act.known ? 0 : visit.device;
}

/** What merging makes of one human's events. */
export interface Merged {
  /** Each person with the device by whose Amplitude id he is known after merging. */
  readonly people: readonly { readonly device: number; readonly events: PersonEvents }[];
  /** Devices whose anonymous id was merged into the id of device 0. */
  readonly devices: readonly number[];
}

/**
 * Puts the events of one human together as merging does: what a further device sent anonymously is his once
 * somebody has logged in on it within these events, and a stranger's until then.
 */
export function merge(events: readonly Delivery[]): Merged {
  const loggedIn = new Set<number>();
  const byIdentity = new Map<number, Delivery[]>();
  for (const event of events) {
    if (event.act.known && !isServerSide(event.act.kind)) loggedIn.add(event.visit.device);
    const identity = identityOf(event);
    const own = byIdentity.get(identity);
    if (own) own.push(event);
    else byIdentity.set(identity, [event]);
  }
  const devices = [...byIdentity.keys()].filter((device) => device > 0 && loggedIn.has(device));
  for (const device of devices) {
    byIdentity.get(0)!.push(...byIdentity.get(device)!);
    byIdentity.delete(device);
  }
  for (const own of byIdentity.values()) own.sort((a, b) => a.eventTime - b.eventTime);
  return { people: [...byIdentity].map(([device, own]) => ({ device, events: own })), devices };
}

/** What the person paid, refunds taken off, in cents. */
export function revenueOf(person: PersonEvents): number {
  let cents = 0;
  for (const { act } of person) {
    if (act.kind === "orderCompleted") cents += PRODUCTS[act.product]!.price * act.quantity;
    if (act.kind === "orderRefunded") cents -= PRODUCTS[act.product]!.price * act.quantity;
  }
  return cents;
}

/** How many of `steps` the person did in this order within `windowMs` of the first, at best. */
export function funnelDepth(person: PersonEvents, steps: readonly EventKind[], windowMs: number): number {
  let best = 0;
  for (const [i, start] of person.entries()) {
    if (start.act.kind !== steps[0]) continue;
    let depth = 1;
    for (let at = i + 1; at < person.length && depth < steps.length; at++) {
      if (person[at]!.eventTime - start.eventTime > windowMs) break;
      if (person[at]!.act.kind === steps[depth]) depth++;
    }
    best = Math.max(best, depth);
    if (best === steps.length) break;
  }
  return best;
}
