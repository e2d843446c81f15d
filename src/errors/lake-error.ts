import { AmpframeError } from "./ampframe-error.js";

/** The lake cannot be opened, read or written. */
export class LakeError extends AmpframeError {
  override readonly name = "LakeError";
  override readonly exitStatus = 1;
}
