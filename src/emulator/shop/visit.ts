import { PRODUCTS } from "./catalogue.js";
import { deviceCount, hadAccount, platformOf } from "./persona.js";
import type { Population } from "./population.js";
import { hash, type Rng } from "./random.js";
import type { Shop } from "./shop.js";

/** The event types of the shop. */
export const EVENT_TYPES = {
  sessionStart: "session_start",
  sessionEnd: "session_end",
  opened: "[Amplitude] Application Opened",
  pageViewed: "[Amplitude] Page Viewed",
  screenViewed: "[Amplitude] Screen Viewed",
  clicked: "[Amplitude] Element Clicked",
  search: "Search",
  productViewed: "Product Viewed",
  productAdded: "Product Added",
  productRemoved: "Product Removed",
  checkoutStarted: "Checkout Started",
  signedUp: "Signed Up",
  loggedIn: "Logged In",
  orderCompleted: "Order Completed",
  orderShipped: "Order Shipped",
  orderRefunded: "Order Refunded",
} as const;

/** The key of an event type. */
export type EventKind = keyof typeof EVENT_TYPES;

/** A thing a person does, before it is known when it reaches Amplitude. */
export interface Act {
  readonly kind: EventKind;
  /** Milliseconds after the start of the visit. */
  readonly at: number;
  /** Index of a product; -1 if none. */
  readonly product: number;
  readonly quantity: number;
  /** Whether the device sends a user id. */
  readonly known: boolean;
  /** Orders so far, and what they cost in cents, this act included. */
  readonly orders: number;
  readonly spent: number;
}

/** What a person's past leaves behind for the next visit. */
export interface Standing {
  hasAccount: boolean;
  /** A bit for each device that is logged in. */
  loggedIn: number;
  /** Index of the product in the cart; -1 if it is empty. */
  cart: number;
  orders: number;
  /** In cents. */
  spent: number;
  visits: number;
  /** How many events each device has sent. */
  readonly sent: [number, number, number];
}

/** The standing of `user` before the first visit that the shop has. */
export function firstStanding(shop: Shop, people: Population, user: number): Standing {
  const before = user < people.knownBefore;
  const hasAccount = before && hadAccount(shop, user);
  const word = hash(shop.seed, 0x0b5d, user);
  const orders = hasAccount && word % 100 < 35 ? 1 + (word % 7) : 0;
  return {
    hasAccount,
    loggedIn: hasAccount ? 1 : 0,
    cart: -1,
    orders,
    spent: orders * (1_900 + ((word >>> 8) % 5_000)),
    visits: before ? 1 + (word % 40) : 0,
    sent: [before ? word % 900 : 0, 0, 0],
  };
}

/** Which device `user` takes for a visit. Further devices are taken only by people with an account. */
export function chooseDevice(shop: Shop, user: number, standing: Standing, rng: Rng): number {
  const devices = deviceCount(shop, user);
  if (!standing.hasAccount || devices === 1 || rng.chance(0.62)) return 0;
  return 1 + rng.below(devices - 1);
}

const LONGEST_MS = 3_300_000;
const MOST_ACTS = 600;

/** Plays one visit on `device` and moves `standing` on. All that happens is drawn from `rng`. */
export function playVisit(
  shop: Shop,
  user: number,
  device: number,
  standing: Standing,
  depth: number,
  rng: Rng,
): Act[] {
  const acts: Act[] = [];
  const web = platformOf(shop, user, device) === 0;
  const bit = 1 << device;
  const browsing = 2 + rng.below(5) + (rng.chance(0.3) ? rng.below(9) : 0);
  const steps = Math.min(MOST_ACTS, Math.round(browsing * depth));
  const gap = Math.min(45_000, LONGEST_MS / (steps * 1.6 + 8) - 2_600);
  let at = 0;

  function act(kind: EventKind, product = -1, quantity = 0, after?: number): void {
    const known = (standing.loggedIn & bit) !== 0;
    const { orders, spent } = standing;
    acts.push({ kind, at: after ?? at, product, quantity, known, orders, spent });
    at += 2_600 + Math.floor(rng.next() * rng.next() * 2 * gap);
  }
  function logIn(kind: "signedUp" | "loggedIn"): void {
    standing.hasAccount = true;
    standing.loggedIn |= bit;
    act(kind);
  }
  function checkOut(): void {
    act("checkoutStarted", standing.cart, 1);
    if ((standing.loggedIn & bit) === 0 && rng.chance(0.8)) {
      logIn(standing.hasAccount ? "loggedIn" : "signedUp");
    }
    if ((standing.loggedIn & bit) === 0 || !rng.chance(0.72)) return;
    const product = standing.cart;
    const quantity = 1 + (rng.chance(0.25) ? rng.below(4) : 0);
    standing.cart = -1;
    standing.orders++;
    standing.spent += PRODUCTS[product]!.price * quantity;
    act("orderCompleted", product, quantity);
    const shipped = at + 18 * 3_600_000 + rng.below(26 * 3_600_000);
    const end = at;
    act("orderShipped", product, quantity, shipped);
    if (rng.chance(0.04)) act("orderRefunded", product, quantity, shipped + rng.below(30 * 3_600_000));
    at = end;
  }

  const view = web ? "pageViewed" : "screenViewed";
  const knownDevice = (standing.loggedIn & bit) !== 0;
  const logsInAt = standing.hasAccount && !knownDevice && rng.chance(0.6) ? rng.below(3) : -1;

  act("sessionStart");
  if (!web) act("opened");
  act(view);
  for (let step = 0; step < steps; step++) {
    if (step === logsInAt) logIn("loggedIn");
    const draw = rng.next();
    if (draw < 0.24) act(view);
    else if (draw < 0.34) act("search", -1, rng.below(40));
    else if (draw < 0.46) act(web ? "clicked" : view, rng.below(PRODUCTS.length));
    else {
      const product = Math.floor(rng.next() * rng.next() * PRODUCTS.length);
      act("productViewed", product, 1 + rng.below(24));
      if (rng.chance(0.13)) {
        standing.cart = product;
        act("productAdded", product, 1 + rng.below(3));
      } else if (standing.cart >= 0 && rng.chance(0.1)) {
        act("productRemoved", standing.cart, 1);
        standing.cart = -1;
      }
    }
  }
  if (!standing.hasAccount && rng.chance(0.05)) logIn("signedUp");
  if (standing.cart >= 0 && rng.chance(0.38)) checkOut();
  act("sessionEnd");
  standing.visits++;
  standing.sent[device] = standing.sent[device]! + acts.filter((one) => !isServerSide(one.kind)).length;
  return acts;
}

/** Whether the shop's server sends the event, outside of any session and device. */
export function isServerSide(kind: EventKind): boolean {
  return kind === "orderShipped" || kind === "orderRefunded";
}
