import { AmpframeError } from "./ampframe-error.js";

/** Amplitude could not be reached, or its answer could not be used. */
export class DownloadError extends AmpframeError {
  override readonly name = "DownloadError";
  override readonly exitStatus = 1;
}
