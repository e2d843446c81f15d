import { type Hour, hourStart } from "../../hour.js";
import { type Delivery, deliver, LONGEST_LAG_DAYS } from "./delivery.js";
import type { Population } from "./population.js";
import { createPopulation } from "./population.js";
import { dayOf, type Shop } from "./shop.js";
import { MOST_VISITS_A_DAY, Timelines, type Visit } from "./timeline.js";

const HOUR_MS = 3_600_000;
const REMEMBERED_DAYS = LONGEST_LAG_DAYS + 8;

/** Which visits have lines in which upload hour, for the visits of one local day. */
type DayIndex = ReadonlyMap<number, readonly number[]>;

/** Finds the lines of an upload hour without making the others. What it remembers only saves work. */
export class HourPlanner {
  readonly shop: Shop;
  readonly people: Population;
  readonly #days = new Map<number, DayIndex>();
  readonly #indexed: Timelines;
  readonly #written: Timelines;

  constructor(shop: Shop) {
    this.shop = shop;
    this.people = createPopulation(shop);
    this.#indexed = new Timelines(shop, this.people);
    this.#written = new Timelines(shop, this.people);
  }

  /** Every line of `hour`, in the order in which Amplitude took them in. Empty outside the shop's hours. */
  deliveriesOf(hour: Hour): Delivery[] {
    const { shop } = this;
    if (hour < shop.from || (shop.to !== undefined && hour > shop.to)) return [];
    const number = hourStart(hour) / HOUR_MS;
    const last = dayOf(shop, hour) + 1;
    const found: Delivery[] = [];
    for (let day = Math.max(-1, last - 1 - LONGEST_LAG_DAYS); day <= last; day++) {
      const visits = this.#indexOf(day).get(number);
      if (visits) this.#collect(day, visits, number, found);
    }
    return found.sort((a, b) => a.serverUploadTime - b.serverUploadTime);
  }

  #collect(day: number, visits: readonly number[], number: number, into: Delivery[]): void {
    let user = -1;
    let ofUser: Visit[] = [];
    for (const key of visits) {
      const wanted = Math.floor(key / MOST_VISITS_A_DAY);
      if (wanted !== user) {
        user = wanted;
        ofUser = this.#written.visitsOn(user, day);
      }
      const visit = ofUser.find((one) => one.no === key % MOST_VISITS_A_DAY)!;
      for (const line of deliver(this.shop, visit)) {
        if (Math.floor(line.serverUploadTime / HOUR_MS) === number) into.push(line);
      }
    }
  }

  #indexOf(day: number): DayIndex {
    const known = this.#days.get(day);
    if (known) return known;
    const index = new Map<number, number[]>();
    for (const user of this.people.activeOn(day)) {
      for (const visit of this.#indexed.visitsOn(user, day)) {
        const key = user * MOST_VISITS_A_DAY + visit.no;
        for (const line of deliver(this.shop, visit)) {
          const number = Math.floor(line.serverUploadTime / HOUR_MS);
          const visits = index.get(number);
          if (!visits) index.set(number, [key]);
          else if (visits[visits.length - 1] !== key) visits.push(key);
        }
      }
    }
    if (this.#days.size >= REMEMBERED_DAYS) this.#days.delete(this.#days.keys().next().value!);
    this.#days.set(day, index);
    return index;
  }
}
