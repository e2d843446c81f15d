import { UsageError } from "../errors/index.js";

/** The error of asking a frame for what it knows only after reading. */
export function notReady(): UsageError {
  return new UsageError(
    "The columns of this frame are not known yet: they depend on properties or a file that nothing has read.",
    "First await frame.ready(), or read of the frame: await frame.head().",
  );
}
