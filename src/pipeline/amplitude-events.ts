import { type Credentials, ProjectKeys } from "../export-api/credentials.js";
import { type DownloadEffects, REAL_EFFECTS } from "../export-api/effects.js";
import { chooseEndpoint, eventListEndpoint } from "../export-api/endpoint.js";
import { askEventList, type ListedEvent } from "../export-api/event-list.js";
import type { DownloadLimits } from "../export-api/limits.js";
import type { DeletionsOptions } from "./amplitude-deletions.js";

/** How to ask Amplitude for its event types: the same as for deletion jobs, without days. */
export type AmplitudeEventsOptions = Omit<DeletionsOptions, "days" | "credentials">;

/**
 * Asks Amplitude's Events List API which event types a project has, and which of them are marked inactive, hidden or deleted;
 * changes nothing. The names of inactive ones are what analyses take as `inactive`. Sorted by name.
 *
 * Throws UsageError for wrong options; CredentialsError (keys that cannot be sent, 401, 403); DownloadError if Amplitude
 * cannot be reached or answers something else; CancelledError.
 * Source: https://amplitude.com/docs/apis/analytics/dashboard-rest
 */
export async function amplitudeEvents(
  credentials: Credentials,
  options: AmplitudeEventsOptions = {},
  effects: DownloadEffects & { readonly limits?: Partial<DownloadLimits> } = REAL_EFFECTS,
): Promise<ListedEvent[]> {
  const { signal, onRetry } = options;
  const endpoint = eventListEndpoint(chooseEndpoint(options));
  const keys = new ProjectKeys(credentials);
  const listed = await askEventList(
    { endpoint, credentials: keys, signal, onRetry, limits: effects.limits },
    effects,
  );
  return [...listed].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
