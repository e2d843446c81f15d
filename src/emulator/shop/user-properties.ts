import type { Place } from "./places.js";
import { hash } from "./random.js";
import type { Shop } from "./shop.js";
import type { Act } from "./visit.js";

const CAMPAIGNS = [
  '"initial_utm_source":"google","initial_utm_campaign":"tea-brand"',
  '"initial_utm_source":"instagram","initial_utm_campaign":"spring ☀️"',
  '"initial_utm_source":"newsletter","initial_utm_campaign":"EMPTY"',
] as const;
const NOBODY = '"initial_utm_source":"EMPTY","initial_utm_campaign":"EMPTY"';
const NICKNAMES = ["Ünal", "茶太郎", "נועה", "ليلى", "🦊", "O\\u2019Hara", "line\\nbreak"] as const;
const BRANDS = ["Northwind GmbH", "Café Zürich", "株式会社サクラ"] as const;

/**
 * The `user_properties` of `user` as of `act`, as JSON text: where he came from, and, once he is known, his
 * account. Types drift, `city` stands beside `City`, some keys have dots or are named like a field of the
 * event.
 */
export function userProperties(shop: Shop, user: number, place: Place, act: Act): string {
  const word = hash(shop.seed, 0x5eed, user);
  const parts: string[] = [word % 5 < 3 ? NOBODY : CAMPAIGNS[word % 3]!];
  if (word % 6 === 0) parts.push('"initial_referrer":"https://www.example.org/r?q=tea&l=1"');
  if (word % 8 === 0) parts.push(`"city":${JSON.stringify(place.city)},"City":"${place.currency}"`);
  if (!act.known) return `{${parts.join(",")}}`;
  const orders = word % 7 === 0 ? `"${act.orders}"` : act.orders;
  parts.push(`"orders":${orders},"lifetime.value":${act.spent / 100}`);
  if (word % 4 === 0) parts.push(`"plan":${word % 8 === 0 ? 2 : '"plus"'}`);
  if (word % 3 === 0) parts.push(`"loyalty_card":92233720${String(word).padStart(10, "0")}`);
  if (word % 5 === 0) parts.push(`"nickname":"${NICKNAMES[word % NICKNAMES.length]}"`);
  if (word % 9 === 0) parts.push(`"age":${word % 18 === 0 ? `"${20 + (word % 50)}"` : 20 + (word % 50)}`);
  if (word % 10 === 0)
    parts.push(`"country":"${place.country}","newsletter":${word % 20 === 0 ? '"yes"' : true}`);
  if (word % 11 === 0) parts.push('"interests":["tea","mugs",{"brand":"Kyūsu"}]');
  return `{${parts.join(",")}}`;
}

/**
 * The company a person shops for, as the fields `groups`, `group_properties` and `data.group_ids`; for one
 * in twelve.
 */
export interface Company {
  readonly groups: string;
  readonly groupProperties: string;
  readonly groupIds: string;
}

const NO_COMPANY: Company = { groups: "{}", groupProperties: "{}", groupIds: "{}" };

/** The company of `user`; empty objects for most. */
export function companyOf(shop: Shop, user: number): Company {
  const word = hash(shop.seed, 0xc0de, user);
  if (word % 12 !== 0) return NO_COMPANY;
  const brand = BRANDS[(word >>> 8) % BRANDS.length]!;
  const id = `90f978f0-5e4e-41ea-9bb3-${String((word >>> 8) % 90).padStart(12, "0")}`;
  return {
    groups: `{"company":["${brand}"],"[Shop] Team":["${id}"]}`,
    groupProperties: `{"[Shop] Team":{"${id}":{"tier":"gold","seats":${word % 24 === 0 ? '"12"' : 12}}}}`,
    groupIds: `{"3124":[${2_357_687_000 + (word % 999)}]}`,
  };
}
