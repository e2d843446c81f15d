import { UsageError } from "../errors/index.js";

/** The error of asking a frame for what it knows only after reading. */
export function notReady(): UsageError {
  return new UsageError(
    "The types of this frame's properties are not known yet.",
    "First await frame.ready(), or read of the frame: await frame.head().",
  );
}
