import { UsageError } from "../../errors/index.js";
import type { EmulatedDeletion } from "../deletions.js";
import { amplitudeId, deviceCount } from "./persona.js";
import { createPopulation } from "./population.js";
import type { Shop } from "./shop.js";

/**
 * The jobs of `people` of the shop's people, the first that visit it: a third each, with all their Amplitude ids, in a job
 * that was done eight days before `now` (milliseconds since 1970), one that is submitted and runs the day after tomorrow, and
 * one that is in staging and runs in ten days. Throws UsageError if the shop has not so many.
 */
export function shopDeletions(shop: Shop, people: number, now: number): EmulatedDeletion[] {
  const population = createPopulation(shop);
  const users = new Set<number>();
  for (let day = 0; day < shop.days && users.size < people; day++) {
    for (const user of population.activeOn(day)) if (users.size < people) users.add(user);
  }
  if (users.size < people) {
    throw new UsageError(
      `${people} of the emulator's people are to be in deletion jobs, but only ${users.size} visit its shop.`,
      "Give fewer, or more days or users.",
    );
  }
  const inOrder = [...users];
  const plan = [
    { status: "done", runs: -8, asked: -20 },
    { status: "submitted", runs: 2, asked: -9 },
    { status: "staging", runs: 10, asked: -1 },
  ];
  const third = Math.ceil(people / plan.length);
  return plan
    .map(({ status, runs, asked }, i) => ({
      day: dayAfter(now, runs),
      status,
      amplitude_ids: inOrder.slice(i * third, (i + 1) * third).flatMap((user) =>
        Array.from({ length: deviceCount(shop, user) }, (_, device) => ({
          amplitude_id: amplitudeId(shop, user, device),
          requester: "privacy@example.com",
          requested_on_day: dayAfter(now, asked),
        })),
      ),
    }))
    .filter(({ amplitude_ids }) => amplitude_ids.length > 0);
}

function dayAfter(now: number, days: number): string {
  return new Date(now + days * 86_400_000).toISOString().slice(0, 10);
}
