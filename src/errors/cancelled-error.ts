import { AmpframeError } from "./ampframe-error.js";

/** The caller's signal ended the work; the lake is whole and the next run goes on. */
export class CancelledError extends AmpframeError {
  override readonly name = "CancelledError";
  override readonly exitStatus = 1;
}
