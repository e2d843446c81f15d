import type { LineCounts, SpoolContent } from "../decode/decoder.js";
import type { RejectedLineOf } from "./rejected-lines.js";

/** What the decoding thread is told; all but `taken` is done in the order in which it is told. */
export type DecodeRequest =
  | { readonly kind: "start"; readonly folder: string }
  | { readonly kind: "member"; readonly input: string; readonly member: string }
  /** The first `bytes` bytes of the buffer; answered by `free` with the buffer. */
  | { readonly kind: "bytes"; readonly buffer: ArrayBuffer; readonly bytes: number }
  /** Answered by `counts`. */
  | { readonly kind: "endMember" }
  /** Both answered by `done`. */
  | { readonly kind: "seal" }
  | { readonly kind: "drop" }
  /** The spool that was handed out is taken: the next may come. */
  | { readonly kind: "taken" };

/** What it tells. After `failed` everything is passed over until `drop`. */
export type DecodeReply =
  | { readonly kind: "free"; readonly buffer: ArrayBuffer }
  | { readonly kind: "spool"; readonly spool: SpoolContent }
  | { readonly kind: "rejected"; readonly lines: readonly RejectedLineOf[] }
  | { readonly kind: "counts"; readonly counts: LineCounts }
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly message: string; readonly wayOut: string | null };
