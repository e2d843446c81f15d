import type { HourRange, Progress } from "../index.js";

/** What is known of a pull or a load while it runs. */
export interface ProgressState {
  /** Milliseconds since 1970 at which the work began. */
  readonly startedAt: number;
  readonly windows: number;
  readonly hours: number;
  readonly hoursDone: number;
  /** Bytes to read in all, where that is known beforehand (files). */
  readonly bytesExpected: number | null;
  /** Bytes that came, by window. */
  readonly received: ReadonlyMap<string, number>;
  /** Archive bytes and events that were decoded, by input. */
  readonly decoded: ReadonlyMap<string, { readonly bytes: number; readonly events: number }>;
  /** The window that was asked for last. */
  readonly asking: HourRange | null;
}

/** The state at the start of the work. */
export function startState(now: number): ProgressState {
  return {
    startedAt: now,
    windows: 0,
    hours: 0,
    hoursDone: 0,
    bytesExpected: null,
    received: new Map(),
    decoded: new Map(),
    asking: null,
  };
}

/** `state` after `progress`. */
export function advance(state: ProgressState, progress: Progress): ProgressState {
  switch (progress.kind) {
    case "planned":
      return {
        ...state,
        windows: progress.windows,
        hours: progress.hours,
        bytesExpected: progress.bytes,
      };
    case "requested":
      return { ...state, asking: progress.window, received: without(state.received, progress.window) };
    case "received":
      return { ...state, received: new Map(state.received).set(keyOf(progress.window), progress.bytes) };
    case "decoded":
      return {
        ...state,
        decoded: new Map(state.decoded).set(progress.input, {
          bytes: progress.archiveBytes,
          events: progress.events,
        }),
      };
    case "committed":
      return { ...state, hoursDone: state.hoursDone + progress.hours };
    default:
      return state;
  }
}

/** Archive bytes that came (pull) or were read (load). */
export function bytesSoFar(state: ProgressState): number {
  const received = [...state.received.values()].reduce((sum, bytes) => sum + bytes, 0);
  return received > 0 ? received : decodedBytes(state);
}

/** Events decoded so far. */
export function eventsSoFar(state: ProgressState): number {
  return [...state.decoded.values()].reduce((sum, { events }) => sum + events, 0);
}

/** The share of the work that is done, 0 to 1: of the bytes where they are known beforehand, else of the hours. */
export function share(state: ProgressState): number {
  if (state.bytesExpected) return Math.min(1, decodedBytes(state) / state.bytesExpected);
  return state.hours === 0 ? 0 : Math.min(1, state.hoursDone / state.hours);
}

function decodedBytes(state: ProgressState): number {
  return [...state.decoded.values()].reduce((sum, { bytes }) => sum + bytes, 0);
}

function keyOf(window: HourRange): string {
  return `${window.from}..${window.to}`;
}

function without(received: ReadonlyMap<string, number>, window: HourRange): ReadonlyMap<string, number> {
  const rest = new Map(received);
  rest.delete(keyOf(window));
  return rest;
}
