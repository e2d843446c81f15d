import type { DecodedFile } from "../decode/decoder.js";
import type { LimitName } from "../limits.js";
import type { DecoderSetting, MemberResult, MemberTask } from "./member-decoder.js";
import type { RejectedLineOf } from "./rejected-lines.js";

/** What a decoder is asked; it does one after the other. */
export interface DecodeRequests {
  readonly decode: { readonly ask: MemberTask; readonly answer: MemberResult };
  /** Ends all files. */
  readonly seal: { readonly ask: null; readonly answer: readonly DecodedFile[] };
  /** Forgets what is not in a file that was handed out. */
  readonly drop: { readonly ask: null; readonly answer: null };
}

export type DecodeAnswer = DecodeRequests[keyof DecodeRequests]["answer"];

/** A request with what is asked. */
export type DecodeRequest = {
  [Kind in keyof DecodeRequests]: { readonly kind: Kind; readonly ask: DecodeRequests[Kind]["ask"] };
}[keyof DecodeRequests];

/** What a decoding thread is told: its setting first, once its folder, and requests, each answered by `done` or `failed`. */
export type ThreadMessage =
  | { readonly kind: "start"; readonly setting: DecoderSetting }
  | { readonly kind: "folder"; readonly folder: string }
  | DecodeRequest;

/** What it tells. */
export type ThreadReply =
  | { readonly kind: "rejected"; readonly lines: readonly RejectedLineOf[] }
  | { readonly kind: "done"; readonly answer: DecodeAnswer }
  | {
      readonly kind: "failed";
      readonly name: string;
      readonly message: string;
      readonly wayOut: string | null;
      /** The limit that was passed, if one was. */
      readonly limit: LimitName | undefined;
    };
