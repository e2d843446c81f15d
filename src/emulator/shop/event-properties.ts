import { PRODUCTS, QUERIES } from "./catalogue.js";
import { hash } from "./random.js";
import type { Act } from "./visit.js";

/** What a page or an event says about the visit it belongs to. */
export interface Setting {
  readonly web: boolean;
  readonly currency: string;
  readonly country: string;
}

const PATHS = ["/", "/sale", "/c/tea", "/c/coffee", "/about", "/help/shipping", "/account", "/cart"] as const;
const SCREENS = ["Home", "Category", "Cart", "Account", "Wish list", "Settings"] as const;
const METHODS = ["email", "google", "apple"] as const;

/**
 * The `event_properties` of an act as JSON text. Like real ones they drift: a number in one event is a text
 * or null in another, keys have spaces, dots and capitals, or are named like a field of the event. `word`
 * (32 bits) draws it.
 */
export function eventProperties(act: Act, word: number, setting: Setting): string {
  switch (act.kind) {
    case "sessionStart":
    case "sessionEnd":
    case "opened":
      return act.kind === "opened" && word % 9 === 0
        ? '{"[Amplitude] From Background":true,"[Amplitude] Version":"5.2.0"}'
        : "{}";
    case "pageViewed":
      return pageViewed(word);
    case "screenViewed":
      return `{"[Amplitude] Screen Name":"${SCREENS[word % SCREENS.length]}"}`;
    case "clicked":
      return clicked(word);
    case "search":
      return search(act, word);
    case "productViewed":
    case "productAdded":
    case "productRemoved":
      return product(act, word, setting);
    case "checkoutStarted":
      return `{"Checkout Step":${word % 4 === 0 ? '"1"' : "1"},"cart.value":${price(act.product, 1, word)},"items":1}`;
    case "signedUp":
    case "loggedIn":
      return `{"method":"${METHODS[word % 3]}","First time?":${act.kind === "signedUp"}}`;
    case "orderCompleted":
      return orderCompleted(act, word, setting);
    case "orderShipped":
      return `{"order_id":${orderNumber(word)},"carrier":"${word % 3 === 0 ? "DHL" : "UPS"}","parcels":${word % 5 === 0 ? '"1"' : 1}}`;
    case "orderRefunded":
      return `{"$price":${-PRODUCTS[act.product]!.price / 100},"$quantity":${act.quantity},"$productId":"${PRODUCTS[act.product]!.id}","$revenue":${(-PRODUCTS[act.product]!.price * act.quantity) / 100},"$revenueType":"refund","reason":${word % 2 ? '"défaut d’émail"' : "null"}}`;
  }
}

function pageViewed(word: number): string {
  const path = PATHS[word % PATHS.length]!;
  const escaped = word % 6 === 0 ? path.replaceAll("/", "\\/") : path;
  const counter = word % 16 === 0 ? `"${word % 12}"` : word % 12;
  return `{"[Amplitude] Page Path":"${escaped}","[Amplitude] Page Domain":"shop.example.com","[Amplitude] Page Counter":${counter}}`;
}

function clicked(word: number): string {
  const row = word % 7;
  const id = row % 2 ? `,"id":"card-${row}"` : "";
  const hierarchy =
    word % 3 === 0
      ? `,"[Amplitude] Element Hierarchy":[{"tag":"button","index":${row},"classes":["btn","btn--primary"]},{"tag":"div"${id},"attrs":{"data-sku":"${PRODUCTS[row]!.id}"}},{"tag":"body"}]`
      : "";
  return `{"[Amplitude] Element Tag":"button","[Amplitude] Element Text":"${row % 3 ? "Add to cart" : "In den Warenkorb 🛒"}"${hierarchy}}`;
}

function search(act: Act, word: number): string {
  const results = word % 11 === 0 ? `"${act.quantity}"` : act.quantity;
  const filters =
    word % 4 === 0
      ? ',"filters":[{"name":"price","min":10,"max":49.90},{"name":"colour","values":["blue","grün"]}]'
      : "";
  const score = `0.${String(word).padStart(10, "1")}${String(hash(word)).padStart(10, "7")}`;
  return `{"query":${QUERIES[word % QUERIES.length]},"results":${results}${word % 5 === 0 ? `,"relevance":${score}` : ""}${filters}}`;
}

function product(act: Act, word: number, setting: Setting): string {
  const { id, name, category } = PRODUCTS[act.product]!;
  const tags = word % 13 === 0 ? ',"tags":["new","sale"]' : word % 13 === 1 ? ',"tags":"new"' : "";
  const position =
    act.kind === "productViewed" ? `,"position":${word % 8 === 0 ? `"${act.quantity}"` : act.quantity}` : "";
  const quantity =
    act.kind === "productViewed" ? "" : `,"quantity":${word % 9 === 0 ? `"${act.quantity}"` : act.quantity}`;
  const field = word % 17 === 0 ? `,"country":"${setting.country}","platform":"shop-ui"` : "";
  return `{"product_id":"${id}","name":${name},"category":"${category}","price":${price(act.product, 1, word >>> 8)}${position}${quantity}${tags}${field}}`;
}

/** A price as shops send it: 59.9, 60.0, 60, or now and then a text. */
function price(product: number, quantity: number, word: number): string {
  const cents = PRODUCTS[product]!.price * quantity;
  if (word % 12 === 0) return `"${(cents / 100).toFixed(2)}"`;
  return word % 4 === 0 ? (cents / 100).toFixed(cents % 100 === 0 ? 1 : 2) : String(cents / 100);
}

function orderCompleted(act: Act, word: number, setting: Setting): string {
  const { id, name, price: cents } = PRODUCTS[act.product]!;
  const gift =
    word % 5 === 0 ? `,{"sku":"SKU-FREE","gift":true,"engraving":{"text":"für Zoë 💛","lines":2}}` : "";
  const coupon = word % 4 === 0 ? `"TEA-${word % 90}"` : word % 4 === 1 ? "null" : "false";
  return (
    `{"$price":${cents / 100},"$productId":"${id}","$quantity":${act.quantity},"$revenue":${(cents * act.quantity) / 100},` +
    `"$revenueType":"purchase","currency":"${setting.currency}","order_id":${orderNumber(word)},"coupon":${coupon},` +
    `"Shipping.Method":"${word % 3 ? "standard" : "express"}","products":[{"sku":"${id}","name":${name},"qty":${act.quantity}}${gift}]}`
  );
}

/** Order numbers of 19 digits, beyond what a double holds. */
function orderNumber(word: number): string {
  return `90071992${String(word).padStart(10, "0")}7`;
}
