import { lake } from "../../state/lake.js";
import { useStore } from "../../state/store.js";
import { counted } from "../../ui/text.js";
import { usePull } from "./use-pull.js";

/** The button that brings missing hours, and how that goes. */
export function PullPanel() {
  const facts = useStore(lake);
  const { state, start, stop } = usePull();
  if (facts === undefined || state === undefined) return null;
  if (!facts.canPull) {
    return (
      <p class="muted copy-pull">
        To pull from here, run <code>ampframe login</code> and start the explorer again.
      </p>
    );
  }
  const running = state.state === "running";
  const { hours, events, bytes } = state;
  return (
    <section class="copy-pull" aria-label="Pull">
      <button type="button" class="button primary" disabled={running} onClick={start}>
        Pull missing hours
      </button>
      {running && (
        <button type="button" class="button" onClick={stop}>
          Stop
        </button>
      )}
      <div class="copy-pull-state" role="status">
        {running && hours && hours.of > 0 && (
          <progress aria-label="Hours in the lake" max={hours.of} value={hours.done} />
        )}
        {state.state !== "idle" && <p class={state.state === "failed" ? "bad" : ""}>{state.text}</p>}
        {state.wayOut && <p class="muted">{state.wayOut}</p>}
        {running && events !== undefined && (
          <p class="muted">
            {counted(events, "event")}
            {bytes === undefined ? "" : `, ${(bytes / 1e6).toFixed(1)} MB received`}
          </p>
        )}
      </div>
    </section>
  );
}
