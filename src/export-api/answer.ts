import type { HourRange } from "../hour.js";

/** How the Export API answered for a window, after all its retries. */
export type Answer =
  | {
      readonly kind: "archive";
      /** The zip. It begins and ends as one; no more is proven yet. */
      readonly path: string;
      readonly bytes: number;
      /** Of the file, in hexadecimal. */
      readonly sha256: string;
      readonly status: 200;
      readonly attempts: number;
    }
  /** 404. It means "empty" only for hours that are settled. */
  | { readonly kind: "noData"; readonly status: 404; readonly attempts: number }
  /** A window of several hours must be split. `status` is 0 where the answer did not come in time. */
  | {
      readonly kind: "tooLarge";
      readonly status: number;
      readonly reason: string;
      readonly attempts: number;
    }
  | {
      readonly kind: "refused";
      /** 0 where the answer did not come in time. */
      readonly status: number;
      readonly reason: string;
      readonly wayOut: string;
      /** True if a later pull may well succeed: the server was busy or out of order. */
      readonly temporary: boolean;
      readonly attempts: number;
    };

/** What is happening to a window. */
export type DownloadProgress =
  | { readonly kind: "requested"; readonly window: HourRange; readonly attempt: number }
  | {
      readonly kind: "received";
      readonly window: HourRange;
      /** Of this attempt, so far. */
      readonly bytes: number;
      /** As announced; null if it was not. */
      readonly total: number | null;
    }
  | { readonly kind: "retry"; readonly window: HourRange; readonly reason: string; readonly waitMs: number };

/** A line of the account of requests and decisions. Holds no secret. */
export type DownloadLogEntry = {
  readonly window: HourRange;
  readonly attempt: number;
} & (
  | { readonly event: "request"; readonly url: string }
  | { readonly event: "redirect"; readonly status: number; readonly to: string }
  | {
      readonly event: "answer";
      readonly status: number;
      readonly contentType: string | null;
      readonly contentLength: number | null;
      readonly retryAfter: string | null;
      readonly ms: number;
    }
  | { readonly event: "body"; readonly text: string }
  | { readonly event: "saved"; readonly bytes: number; readonly sha256: string; readonly ms: number }
  | { readonly event: "fault"; readonly reason: string }
  | { readonly event: "wait"; readonly ms: number; readonly because: string; readonly reason: string }
  | { readonly event: "decision"; readonly decision: string; readonly reason: string | null }
);
