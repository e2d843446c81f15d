/** Exit status of the command line: 1 failed while running, 2 wrong use, 3 the data has a fault. */
export type ExitStatus = 1 | 2 | 3;

/**
 * The family of all errors that ampframe throws on purpose. The message says what was found and what was
 * expected; `wayOut` says what to do. Neither ever holds a secret.
 */
export abstract class AmpframeError extends Error {
  abstract override readonly name: string;
  abstract readonly exitStatus: ExitStatus;

  constructor(
    message: string,
    /** What the user can do about it, as a sentence. */
    readonly wayOut: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** True if `value` is an error that ampframe throws on purpose. */
export function isAmpframeError(value: unknown): value is AmpframeError {
  return value instanceof AmpframeError;
}
