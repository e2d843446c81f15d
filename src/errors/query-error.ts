import { AmpframeError } from "./ampframe-error.js";

/** A query is wrong or failed. */
export class QueryError extends AmpframeError {
  override readonly name = "QueryError";
  override readonly exitStatus = 1;
}
