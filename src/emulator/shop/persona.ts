import type { Place } from "./places.js";
import { placeAt } from "./places.js";
import { fraction, hash, mix, uuidOf } from "./random.js";
import type { Shop } from "./shop.js";

/** 0 web, 1 iOS, 2 Android. */
export type PlatformCode = 0 | 1 | 2;

/**
 * What a person has from the start, whatever he does. Each trait is a hash of the shop's seed and his
 * number.
 */
const PLACE = 11;
const DEVICES = 12;
const PLATFORM = 13;
const DEVICE_ID = 14;
const SKEW = 15;
const SIGNED_UP = 16;
const USER_ID = 17;
const AMPLITUDE_ID = 18;

/** Where `user` lives. */
export function placeOf(shop: Shop, user: number): Place {
  return placeAt(fraction(shop.seed, PLACE, user));
}

/** How many devices `user` has: one, two or three. */
export function deviceCount(shop: Shop, user: number): number {
  const draw = fraction(shop.seed, DEVICES, user);
  return draw < 0.68 ? 1 : draw < 0.93 ? 2 : 3;
}

/** What `user`'s `device` is. */
export function platformOf(shop: Shop, user: number, device: number): PlatformCode {
  const draw = fraction(shop.seed, PLATFORM, user, device);
  return draw < 0.56 ? 0 : draw < 0.78 ? 1 : 2;
}

/** The id the SDK gave to `device`: a UUID, in capitals on iOS, with an `R` on Android. */
export function deviceId(shop: Shop, user: number, device: number): string {
  const word = (i: number) => hash(shop.seed, DEVICE_ID + i * 64, user, device);
  const uuid = uuidOf(mix(hash(shop.seed, DEVICE_ID, device) ^ user), word(1), word(2), word(3));
  const platform = platformOf(shop, user, device);
  return platform === 0 ? uuid : platform === 1 ? uuid.toUpperCase() : `${uuid}R`;
}

/**
 * How far the clock of `device` is ahead of the truth, in milliseconds: mostly seconds, for a few hours or
 * days.
 */
export function clockSkew(shop: Shop, user: number, device: number): number {
  const draw = fraction(shop.seed, SKEW, user, device);
  const size = fraction(shop.seed, SKEW, user, device + 8) * 2 - 1;
  if (draw < 0.92) return Math.round(size * 2_500);
  if (draw < 0.97) return Math.round(size * 5_400_000);
  if (draw < 0.995) return Math.round(size * 3 * 86_400_000);
  return -Math.round((2 + size) * 900 * 86_400_000);
}

/** Whether `user`, who was there before the data begins, has an account already. */
export function hadAccount(shop: Shop, user: number): boolean {
  return fraction(shop.seed, SIGNED_UP, user) < 0.55;
}

/** The project's own id of `user`: a UUID, an e-mail address or digits. Equal for all devices. */
export function userId(shop: Shop, user: number): string {
  const word = hash(shop.seed, USER_ID, user);
  if (word % 100 < 50) return uuidOf(mix(word ^ user), hash(word, user), hash(word, 1), hash(word, 2));
  return word % 100 < 85 ? `shopper.${user}@example.com` : String(100_000 + user);
}

/**
 * The id Amplitude gives to the person it sees on `device` (0 is the first device, whose id stays when the
 * others are merged into it). Unique over people and devices, rising, as real ones near 1.26e12.
 */
export function amplitudeId(shop: Shop, user: number, device: number): number {
  const number = user * 3 + device;
  return 1_263_000_000_000 + number * 7_919 + (hash(shop.seed, AMPLITUDE_ID, number) % 7_919);
}
