import type { Hour } from "../hour.js";

/** How an answer tells its end: by Content-Length, in chunks, or by closing the connection. */
export type Framing = "length" | "chunked" | "close";

/** A place in a body: after its first byte, at half, before its last byte. */
export type BodyPlace = "first" | "middle" | "last";

/** Something that goes wrong on purpose. */
export type Fault =
  /** Answers with `status`; `retryAfter` as it stands in the header, or seconds from now as an HTTP date. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly retryAfter?: string;
      readonly retryAfterDate?: number;
      readonly body?: string;
    }
  /** 400 with the words for an archive above the limit. */
  | { readonly kind: "tooLarge" }
  /** Redirects with 302, or `status`. */
  | { readonly kind: "redirect"; readonly to: string; readonly status?: number }
  /** 200 with something else than an archive. */
  | { readonly kind: "html" | "jsonError" | "empty" }
  /** 200 with an archive of no entries: an end record only. */
  | { readonly kind: "emptyZip" }
  /** Ends the connection inside the body. */
  | { readonly kind: "cut"; readonly at: BodyPlace; readonly framing: Framing }
  /** Sends the body at this rate. */
  | { readonly kind: "slow"; readonly bytesPerSecond: number }
  /** Stops sending inside the body, or before the headers, and keeps the connection open. */
  | { readonly kind: "stall"; readonly at: BodyPlace | "headers" }
  /** Resets the connection before it answers. */
  | { readonly kind: "reset" }
  /** Waits before it answers as usual. */
  | { readonly kind: "delay"; readonly ms: number }
  /** Damages the first member: the CRC or the length in its gzip trailer, its end, or the CRC in the zip. */
  | { readonly kind: "damage"; readonly what: "gzipCrc" | "gzipLength" | "gzipEnd" | "zipCrc" };

/** Which requests a fault befalls. All that is given must hold; requests that are refused are not counted. */
export interface FaultMatch {
  /** The n-th request with right keys and hours, from 1. */
  readonly request?: number;
  /** The range has this hour. */
  readonly hour?: Hour;
  /** The range has more hours than this. */
  readonly hoursOver?: number;
}

/** A fault, when it happens and how often. */
export interface FaultRule {
  readonly fault: Fault;
  readonly match?: FaultMatch;
  /** How often it happens before it is over; may be Infinity. Default 1. */
  readonly times?: number;
}

/** What a fault plan decides by. */
export interface FaultOccasion {
  readonly from: Hour;
  readonly to: Hour;
  readonly hours: number;
  /** Whether there is an archive to send; faults of the body wait for one. */
  readonly hasArchive: boolean;
}

/** Rules in the order in which they are tried. Numbers the requests it is asked about, from 1. */
export class FaultPlan {
  #requests = 0;
  readonly #rules: { rule: FaultRule; left: number }[] = [];

  constructor(rules: readonly FaultRule[] = []) {
    this.add(...rules);
  }

  /** Adds rules after the others. */
  add(...rules: readonly FaultRule[]): void {
    for (const rule of rules) this.#rules.push({ rule, left: rule.times ?? 1 });
  }

  /** The fault that befalls this occasion, if any; uses up one of its times. */
  take(occasion: FaultOccasion): Fault | undefined {
    const number = ++this.#requests;
    const entry = this.#rules.find(({ rule, left }) => left > 0 && applies(rule, occasion, number));
    if (!entry) return undefined;
    entry.left--;
    return entry.rule.fault;
  }
}

function applies({ fault, match = {} }: FaultRule, occasion: FaultOccasion, request: number): boolean {
  if (isBodyFault(fault) && !occasion.hasArchive) return false;
  if (match.request !== undefined && match.request !== request) return false;
  if (match.hoursOver !== undefined && occasion.hours <= match.hoursOver) return false;
  return match.hour === undefined || (occasion.from <= match.hour && match.hour <= occasion.to);
}

function isBodyFault(fault: Fault): boolean {
  return (
    fault.kind === "cut" ||
    fault.kind === "slow" ||
    fault.kind === "damage" ||
    (fault.kind === "stall" && fault.at !== "headers")
  );
}
