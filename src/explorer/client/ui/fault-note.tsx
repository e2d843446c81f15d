import { AskError } from "../api.js";
import { Icon } from "./icon.js";

/** What went wrong and the way out, in place of what could not be shown; `retry` gives a button that tries again. */
export function FaultNote({ fault, retry }: { fault: unknown; retry?: (() => void) | undefined }) {
  const [error, wayOut] =
    fault instanceof AskError
      ? [fault.message, fault.wayOut]
      : [fault instanceof Error ? fault.message : String(fault), "Load the page anew."];
  return (
    <div class="fault" role="alert">
      <Icon name="warning" />
      <div>
        <p>{error}</p>
        <p class="muted">{wayOut}</p>
        {retry && (
          <button type="button" class="button" onClick={retry}>
            Try again
          </button>
        )}
      </div>
    </div>
  );
}
