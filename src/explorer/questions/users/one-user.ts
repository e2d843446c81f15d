import { type Lake, UsageError } from "../../../index.js";
import { Scope } from "../stream/scope.js";

/** The order in which a user's events happened. */
export const IN_TIME = "event_time, event_id, uuid";

/** All events of the user with this Amplitude id that have a time. Throws UsageError if it is none. */
export async function eventsOfUser(lake: Lake, amplitudeId: string): Promise<Scope> {
  if (!/^-?\d{1,18}$/.test(amplitudeId)) {
    throw new UsageError(`${JSON.stringify(amplitudeId)} is no Amplitude id.`, "It is a whole number.");
  }
  const condition = `amplitude_id = ${amplitudeId} AND event_time IS NOT NULL`;
  return (await Scope.of(lake, {})).within({ condition });
}
