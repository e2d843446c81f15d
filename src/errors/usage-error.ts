import { AmpframeError } from "./ampframe-error.js";

/** An option, argument or setting is wrong. */
export class UsageError extends AmpframeError {
  override readonly name = "UsageError";
  override readonly exitStatus = 2;
}
