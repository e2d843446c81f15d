import type { Setting } from "./event-properties.js";
import { clockSkew, deviceId, placeOf, platformOf, userId } from "./persona.js";
import type { Place } from "./places.js";
import { hash, uuidOf } from "./random.js";
import type { Shop } from "./shop.js";
import type { Visit } from "./timeline.js";
import { type Company, companyOf } from "./user-properties.js";
import type { Act } from "./visit.js";

/** The pieces of a line that are the same for all lines of a visit that were sent from the same side. */
export interface Frame {
  readonly place: Place;
  readonly setting: Setting;
  readonly company: Company;
  /** From `app` to `city`, from `country` on, and so on, between the fields that vary. */
  readonly app: string;
  readonly country: string;
  readonly device: string;
  readonly groups: string;
  readonly library: string;
  readonly region: string;
  readonly session: string;
  readonly userId: string;
  readonly version: string;
  readonly path: string;
  userText: string;
  userOf: Act | undefined;
}

const BROWSERS = [
  ["Chrome", "141", "Windows", "Windows"],
  ["Chrome", "142", "Mac OS X", "Mac"],
  ["Safari", "18.5", "Mac OS X", "Mac"],
  ["Firefox", "144", "Linux", "Linux"],
  ["Edge", "143", "Windows", "Windows"],
] as const;
const PHONES = [
  ["ios", "18.5", "Apple iPhone", "Apple iPhone 15", "Apple", "iPhone16,1"],
  ["ios", "26.1", "Apple iPhone", "Apple iPhone 13", "Apple", "iPhone14,5"],
  ["ios", "17.7", "Apple iPad", "Apple iPad Air", "Apple", "iPad13,16"],
] as const;
const ANDROIDS = [
  ["android", "15", "Google Phone", "Google Pixel 8", "Google", "Pixel 8"],
  ["android", "14", "Samsung Galaxy Phone", "Samsung Galaxy S23", "samsung", "SM-S911B"],
  ["android", "13", "Xiaomi Phone", "Xiaomi Redmi Note 12", "Xiaomi", "23021RAA2Y"],
] as const;
const LIBRARIES = [
  "amplitude-ts/2.16.1",
  "amplitude-flutter/4.3.2_amplitude-swift/1.13.6",
  "amplitude-kotlin/1.21.0",
] as const;
const VERSIONS = ["5.1.3", "5.2.0", "5.2.1"] as const;

/** The frame of what the visit's device sends. */
export function clientFrame(shop: Shop, visit: Visit): Frame {
  const { user, device } = visit;
  const place = placeOf(shop, user);
  const company = companyOf(shop, user);
  const platform = platformOf(shop, user, device);
  const word = hash(shop.seed, 0xdeca, user, device);
  const browser = BROWSERS[word % BROWSERS.length]!;
  const phone = (platform === 1 ? PHONES : ANDROIDS)[word % 3]!;
  const web = platform === 0;
  const [os, osVersion] = web ? browser : phone;
  const family = web ? browser[2] : phone[2];
  const type = web ? browser[3] : phone[3];
  const maker = web ? null : phone[4];
  const model = web ? null : phone[5];
  const carrier = platform === 2 ? "Unknown" : null;
  const located = platform === 2 && word % 6 === 0;
  const version = web ? null : VERSIONS[(word + visit.day) % 7 === 0 ? 2 : word % 2]!;
  return {
    place,
    company,
    setting: { web, currency: place.currency, country: place.country },
    app: `,"app":${shop.projectId},"city":${JSON.stringify(place.city)}`,
    country: `,"country":"${place.country}"`,
    device:
      `,"data_type":"event","device_brand":${quoted(maker)},"device_carrier":${quoted(carrier)}` +
      `,"device_family":"${family}","device_id":"${deviceId(shop, user, device)}","device_manufacturer":${quoted(maker)}` +
      `,"device_model":${quoted(model)},"device_type":"${type}","dma":${quoted(place.dma)}`,
    groups:
      `,"global_user_properties":${word % 5 === 0 ? "{}" : "null"},"group_properties":${company.groupProperties}` +
      `,"groups":${company.groups},"idfa":null,"ip_address":"203.0.113.${word % 256}"`,
    library:
      `,"language":"${place.language}","library":"${LIBRARIES[platform]}"` +
      `,"location_lat":${located ? (word % 9000) / 100 - 30 : "null"},"location_lng":${located ? (word % 17_999) / 100 - 90 : "null"}` +
      `,"os_name":"${os}","os_version":"${osVersion}","partner_id":null`,
    region: `,"region":${JSON.stringify(place.region)},"sample_rate":null`,
    session:
      `,"session_id":${visit.start + clockSkew(shop, user, device)},"source_id":null` +
      `,"start_version":${quoted(web ? null : VERSIONS[word % 2]!)},"user_creation_time":null`,
    userId: `"${userId(shop, user)}"`,
    version: `,"version_name":${quoted(version)}}`,
    path: "",
    userText: "",
    userOf: undefined,
  };
}

/**
 * The frame of what the shop's server sends for the visitor: it knows a user id, from which Amplitude makes
 * a device id, and little else.
 */
export function serverFrame(shop: Shop, visit: Visit): Frame {
  const { user } = visit;
  const word = hash(shop.seed, 0x5e72, user);
  const place = placeOf(shop, user);
  const nothing = ["brand", "carrier", "family"].map((name) => `"device_${name}":null`).join(",");
  return {
    place,
    company: companyOf(shop, user),
    setting: { web: false, currency: place.currency, country: place.country },
    app: `,"app":${shop.projectId},"city":null`,
    country: ',"country":null',
    device:
      `,"data_type":"event",${nothing},"device_id":"${uuidOf(word, user, hash(word, 3), hash(word, 4))}"` +
      ',"device_manufacturer":null,"device_model":null,"device_type":null,"dma":null',
    groups: ',"global_user_properties":null,"group_properties":{},"groups":{},"idfa":null,"ip_address":null',
    library:
      ',"language":null,"library":"http/2.0","location_lat":null,"location_lng":null,"os_name":null,"os_version":null,"partner_id":null',
    region: ',"region":null,"sample_rate":null',
    session: ',"session_id":-1,"source_id":null,"start_version":null,"user_creation_time":null',
    userId: `"${userId(shop, user)}"`,
    version: ',"version_name":null}',
    path: word % 2 ? "/2/httpapi" : "/batch",
    userText: "",
    userOf: undefined,
  };
}

function quoted(text: string | null): string {
  return text === null ? "null" : `"${text}"`;
}
