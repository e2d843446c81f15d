import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { hourAt } from "../hour.js";
import { answerInstead, type RequestRecord, type Setting, sendText } from "./answer.js";
import { basicKeys } from "./export-request.js";

/** An event type as Amplitude's Events List API lists it. */
export interface EmulatedEvent {
  /** Its name in the events. */
  readonly value: string;
  /** True if it is marked inactive. */
  readonly non_active: boolean;
  readonly hidden: boolean;
  readonly deleted: boolean;
}

/** Answers one request for the event types, faults included, and records it. */
export async function answerEventList(
  request: IncomingMessage,
  response: ServerResponse,
  { rules, events, faults, requests, maxBytes }: Setting & { readonly events: readonly EmulatedEvent[] },
): Promise<void> {
  const at = Date.now();
  const record = (status: number, bytes: number, fault: RequestRecord["fault"] = null): void => {
    requests.push({ start: null, end: null, status, at, bytes, fault });
  };
  const keys = basicKeys(request.headers.authorization);
  if (keys?.apiKey !== rules.apiKey || keys.secretKey !== rules.secretKey) {
    response.setHeader("WWW-Authenticate", 'Basic realm="Amplitude"');
    return record(401, sendText(response, 401, "Unauthorized"));
  }
  const hour = hourAt(rules.now);
  const fault = faults.take({ from: hour, to: hour, hours: 1, hasArchive: false });
  if (fault?.kind === "delay") await sleep(fault.ms, undefined, { ref: false });
  const instead = fault && answerInstead(response, fault, rules.now, maxBytes);
  if (instead) return record(instead.status, instead.bytes, fault.kind);
  const data = events.map((event, id) => ({
    ...{ id, name: event.value, display: event.value, ...event },
    ...{ flow_hidden: false, in_waitroom: false, totals: 0, totals_delta: 0 },
  }));
  record(200, sendText(response, 200, JSON.stringify({ data }), "application/json"), fault?.kind);
}
