import { AmpframeError } from "./ampframe-error.js";

/** An archive or a member of one is damaged, unsafe or not what it claims to be. */
export class ArchiveError extends AmpframeError {
  override readonly name = "ArchiveError";
  override readonly exitStatus = 3;
}
