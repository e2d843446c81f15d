import type { SpoolContent } from "../decode/decoder.js";
import type { MemberAccount } from "../lake/account.js";
import type { RejectedLineOf } from "./rejected-lines.js";

/** What the decoding thread is told. `decode`, `seal` and `drop` are answered by one `done` or `failed` each. */
export type DecodeRequest =
  | { readonly kind: "start"; readonly folder: string }
  | { readonly kind: "decode"; readonly path: string; readonly name: string }
  | { readonly kind: "seal" }
  | { readonly kind: "drop" }
  | { readonly kind: "taken" }
  | { readonly kind: "cancel" };

/** What it tells. */
export type DecodeReply =
  | { readonly kind: "spool"; readonly spool: SpoolContent }
  | { readonly kind: "rejected"; readonly line: RejectedLineOf }
  | {
      readonly kind: "member";
      readonly input: string;
      readonly archiveBytes: number;
      readonly events: number;
    }
  | { readonly kind: "done"; readonly members: readonly MemberAccount[] }
  | {
      readonly kind: "failed";
      readonly name: string;
      readonly message: string;
      readonly wayOut: string | null;
      readonly stack: string | null;
    };
