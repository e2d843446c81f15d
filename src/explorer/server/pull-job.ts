import { isAmpframeError, type Progress, type PullReport } from "../../index.js";
import type { PullState } from "../api.js";

/** Pulls the missing hours; it knows the keys. */
export type Pull = (how: {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}) => Promise<PullReport>;

/** At most one pull at a time, and how it goes. */
export class PullJob {
  readonly #pull: Pull | undefined;
  #state: PullState = { state: "idle", text: "Nothing was pulled since the explorer was started." };
  #running: { readonly controller: AbortController; readonly ended: Promise<void> } | undefined;

  constructor(pull: Pull | undefined) {
    this.#pull = pull;
  }

  /** False if no keys are known. */
  get canPull(): boolean {
    return this.#pull !== undefined;
  }

  get state(): PullState {
    return this.#state;
  }

  /** Starts a pull, unless one is at work. */
  start(): PullState {
    if (this.#pull === undefined || this.#running !== undefined) return this.#state;
    const controller = new AbortController();
    this.#state = { state: "running", text: "Looking for missing hours." };
    const counted = new Counted((state) => {
      this.#state = state;
    });
    const work = this.#pull({ signal: controller.signal, onProgress: (progress) => counted.take(progress) });
    const ended = work
      .then(
        (report) => stateAfter(report, counted.state),
        (error: unknown) => stateOfFailure(error, controller.signal, counted.state),
      )
      .then((state) => {
        this.#state = state;
        this.#running = undefined;
      });
    this.#running = { controller, ended };
    return this.#state;
  }

  /** Ends the pull that is at work; what it has committed stays. */
  async stop(): Promise<PullState> {
    this.#running?.controller.abort();
    await this.#running?.ended;
    return this.#state;
  }
}

/** Adds up what a pull tells. */
class Counted {
  state: PullState = { state: "running", text: "Looking for missing hours." };
  readonly #received = new Map<string, number>();
  readonly #events = new Map<string, number>();
  #hours = { done: 0, of: 0 };

  constructor(private readonly changed: (state: PullState) => void) {}

  take(progress: Progress): void {
    let text = "Pulling.";
    switch (progress.kind) {
      case "planned":
        this.#hours = { done: 0, of: progress.hours };
        break;
      case "requested":
        text = `Asking for ${progress.window.from} to ${progress.window.to}.`;
        break;
      case "received":
        this.#received.set(`${progress.window.from} ${progress.window.to}`, progress.bytes);
        text = `Receiving ${progress.window.from} to ${progress.window.to}.`;
        break;
      case "decoded":
        this.#events.set(progress.input, progress.events);
        text = "Reading events.";
        break;
      case "retry":
        text = `Waiting to ask again: ${progress.reason}`;
        break;
      case "committed":
        this.#hours = { ...this.#hours, done: this.#hours.done + progress.hours };
        text = `${this.#hours.done} of ${this.#hours.of} hours are in the lake.`;
        break;
      default:
        text = this.state.text;
    }
    const sum = (of: ReadonlyMap<string, number>): number => [...of.values()].reduce((a, b) => a + b, 0);
    this.state = {
      state: "running",
      text,
      hours: this.#hours,
      events: sum(this.#events),
      bytes: sum(this.#received),
    };
    this.changed(this.state);
  }
}

function stateAfter(report: PullReport, before: PullState): PullState {
  const { loaded, bytes, hours, refused, settling } = report;
  const brought = hours === 0 ? "No hour was missing." : `${hours} hours with ${loaded} events were brought.`;
  const young = settling.length === 0 ? "" : ` ${settling.length} are too young to be final.`;
  const [first] = refused;
  return {
    state: "done",
    text: `${brought}${young}${first ? ` ${refused.length} could not be had: ${first.what}: ${first.reason}` : ""}`,
    ...(first ? { wayOut: first.wayOut } : {}),
    ...(before.hours ? { hours: before.hours } : {}),
    events: loaded,
    bytes,
  };
}

function stateOfFailure(error: unknown, signal: AbortSignal, before: PullState): PullState {
  const { hours, events, bytes } = before;
  if (signal.aborted) {
    return {
      state: "stopped",
      text: "It was stopped. What came before is in the lake.",
      hours,
      events,
      bytes,
    };
  }
  const text = error instanceof Error ? error.message : String(error);
  const wayOut = isAmpframeError(error) ? error.wayOut : "Please report it.";
  return { state: "failed", text, wayOut, hours, events, bytes };
}
