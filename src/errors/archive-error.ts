import type { LimitName } from "../limits.js";
import { AmpframeError } from "./ampframe-error.js";

/** An archive or a member of one is damaged, unsafe, not what it claims to be, or passes a limit. */
export class ArchiveError extends AmpframeError {
  override readonly name = "ArchiveError";
  override readonly exitStatus = 3;
  /** The limit that was passed; undefined if it is something else. */
  readonly limit: LimitName | undefined;

  constructor(message: string, wayOut: string, options?: { cause?: unknown; limit?: LimitName | undefined }) {
    super(message, wayOut, options);
    this.limit = options?.limit;
  }
}
