import { AmpframeError } from "./ampframe-error.js";

/** The keys are missing, unreadable, or refused by Amplitude (401, 403). */
export class CredentialsError extends AmpframeError {
  override readonly name = "CredentialsError";
  override readonly exitStatus = 2;
}
