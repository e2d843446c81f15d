import type { FunnelOrder } from "./funnel.js";

/** What an attempt to go through a funnel is. Steps are numbered from 0, times are whole units of the resolution. */
export interface AttemptRules {
  readonly order: FunnelOrder;
  /** The most time from the earliest to the latest step, included. */
  readonly window: number;
  /** For each step a bit for each step that one event may be meant by too, its own among them: bit 0 is step 0. */
  readonly alike: readonly number[];
  /** Exclusion i has bit `alike.length + i`. In `any order` its steps are not looked at. */
  readonly exclusions: readonly { readonly after: number; readonly before: number }[];
}

/** The place of an attempt's entry, and the times of the steps that it came to. */
export type FoundAttempt = readonly [entry: number, times: readonly number[]];

/**
 * The attempts of one user, or of a user with a value: events are added in the order of time, then asked about, as told in
 * docs/definitions.md. Made once and used for one user after the other. Times are told apart by their places (0, 1, …).
 */
export class FunnelAttempts {
  readonly #rules: AttemptRules;
  readonly #steps: number;
  readonly #bits: number;
  readonly #anyAlike: boolean;
  /** For each step, how many later ones are alike. */
  readonly #alikeLater: readonly number[];
  #times = new Float64Array(64);
  /** What happened at each place. */
  #masks = new Int32Array(64);
  /** What of it no attempt has taken. */
  #left = new Int32Array(64);
  /** For each bit and place, the first place from there on that has the bit. */
  #next: Int32Array[];
  #length = 0;
  readonly #path: number[];
  readonly #best: number[];
  #found = 0;

  constructor(rules: AttemptRules) {
    const { alike, exclusions } = rules;
    this.#rules = rules;
    this.#steps = alike.length;
    this.#bits = alike.length + exclusions.length;
    this.#alikeLater = alike.map((mask, step) => bitCount(mask >> (step + 1)));
    this.#anyAlike = this.#alikeLater.some((count) => count > 0);
    this.#next = Array.from({ length: this.#bits }, () => new Int32Array(65));
    this.#path = new Array<number>(this.#steps).fill(0);
    this.#best = new Array<number>(this.#steps).fill(0);
  }

  /** Forgets all events. */
  clear(): void {
    this.#length = 0;
  }

  /** Adds an event; `time` is never less than that of the one before. Gives its place. */
  add(time: number, mask: number): number {
    const last = this.#length - 1;
    if (last >= 0 && this.#times[last] === time) {
      this.#masks[last]! |= mask;
      return last;
    }
    if (this.#length === this.#times.length) this.#grow();
    this.#times[this.#length] = time;
    this.#masks[this.#length] = mask;
    return this.#length++;
  }

  timeAt(place: number): number {
    return this.#times[place]!;
  }

  /** Call after the last event, and again for other entries: no event is taken then. */
  begin(): void {
    const [length, masks] = [this.#length, this.#masks];
    this.#left.set(masks.subarray(0, length));
    for (let bit = 0; bit < this.#bits; bit++) {
      const next = this.#next[bit]!;
      let found = length;
      next[length] = length;
      for (let place = length - 1; place >= 0; place--) {
        if ((masks[place]! >> bit) & 1) found = place;
        next[place] = found;
      }
    }
  }

  /** The longest attempt of those that begin at one of the places `entries`, in order; of those the earliest. */
  best(entries: readonly number[]): FoundAttempt {
    this.#found = 0;
    for (const entry of entries) {
      this.#search(entry);
      if (this.#found === this.#steps) break;
    }
    return this.#result();
  }

  /** One attempt for each of `entries`, in order, that no attempt before it went through: an event is in one only. */
  each(entries: readonly number[]): FoundAttempt[] {
    const attempts: FoundAttempt[] = [];
    for (const entry of entries) {
      if ((this.#left[entry]! & 1) === 0) continue;
      this.#found = 0;
      this.#search(entry);
      attempts.push(this.#result());
      for (let step = 0; step < this.#found; step++)
        this.#left[this.#best[step]!]! &= ~this.#rules.alike[step]!;
    }
    return attempts;
  }

  #result(): FoundAttempt {
    const times: number[] = [];
    for (let step = 0; step < this.#found; step++) times.push(this.#times[this.#best[step]!]!);
    return [this.#best[0]!, times];
  }

  #search(entry: number): void {
    this.#path[0] = entry;
    if (this.#rules.order === "any order") this.#anyOrder(entry);
    else this.#goOn(1);
  }

  /** The first place from `place` on with a bit that is not taken. */
  #from(bit: number, place: number): number {
    const next = this.#next[bit]!;
    let found = next[place]!;
    if (found === this.#length || (this.#left[found]! >> bit) & 1) return found;
    while (found < this.#length && ((this.#left[found]! >> bit) & 1) === 0) found = next[found + 1]!;
    next[place] = found;
    return found;
  }

  /**
   * Tries the ways on from the first `step` steps of the path, the earliest first: of the longest the first found is then the
   * earliest. True if one came to the end.
   */
  #goOn(step: number): boolean {
    if (step > this.#found) this.#note(step);
    if (step === this.#steps) return true;
    const [path, last] = [this.#path, this.#path[step - 1]!];
    const until = this.#times[path[0]!]! + this.#rules.window;
    const limit = this.#limit(step);
    const earliest = this.#isAlikeAt(step, last) ? last + 1 : last;
    let place = this.#from(step, earliest);
    while (place <= limit && place < this.#length && this.#times[place]! <= until) {
      if (this.#rules.order === "exact order" && place > last + 1) return false;
      path[step] = place;
      if (this.#goOn(step + 1)) return true;
      place = this.#rules.order === "exact order" ? this.#from(step, place + 1) : this.#later(step, place);
    }
    return false;
  }

  /**
   * The next place to try for a step: all others are no better than one that was tried. A later one only helps where it begins
   * to be looked for excluded events, by leaving one behind.
   */
  #later(step: number, place: number): number {
    let behind = this.#length;
    for (const [i, { after }] of this.#rules.exclusions.entries()) {
      if (after === step) behind = Math.min(behind, this.#next[this.#steps + i]![place + 1]!);
    }
    return behind === this.#length ? behind : this.#from(step, behind);
  }

  /** The last place at which the step may be, by the exclusions: that of the first excluded event. */
  #limit(step: number): number {
    let limit = this.#length;
    for (const [i, { after, before }] of this.#rules.exclusions.entries()) {
      if (after >= step || step > before) continue;
      limit = Math.min(limit, this.#next[this.#steps + i]![this.#path[after]! + 1]!);
    }
    return limit;
  }

  /** True if a step of the path before `step` that is alike is at `place`. */
  #isAlikeAt(step: number, place: number): boolean {
    if (!this.#anyAlike) return false;
    for (let earlier = 0; earlier < step; earlier++) {
      if (this.#path[earlier] === place && (this.#rules.alike[step]! >> earlier) & 1) return true;
    }
    return false;
  }

  /** Looks from each place that may be the earliest of an attempt with the entry. */
  #anyOrder(entry: number): void {
    if (this.#found === 0) this.#note(1);
    const { window } = this.#rules;
    const steps = (1 << this.#steps) - 1;
    for (let first = entry; first >= 0 && this.#times[entry]! - this.#times[first]! <= window; first--) {
      const excluded = this.#excludedAfter(first);
      if (excluded < entry) return;
      if (first !== entry && (this.#left[first]! & steps) === 0) continue;
      this.#goOnFrom(first, excluded, 1, entry);
    }
  }

  /** The first place after `place` with any excluded event. */
  #excludedAfter(place: number): number {
    let found = this.#length;
    for (let bit = this.#steps; bit < this.#bits; bit++)
      found = Math.min(found, this.#next[bit]![place + 1]!);
    return found;
  }

  /**
   * Tries the ways on from the first `step` steps, the last of which is done at `done`, between the places `first` and `last`.
   * One more place than there are later steps that are alike is enough: one of them stays free.
   */
  #goOnFrom(first: number, last: number, step: number, done: number): void {
    if (this.#isBetter(step)) this.#note(step);
    if (step === this.#steps || this.#isDoneLater(step)) return;
    const until = this.#times[first]! + this.#rules.window;
    let tries = this.#alikeLater[step]! + 1;
    for (let place = this.#from(step, first); tries > 0; place = this.#from(step, place + 1)) {
      if (place > last || place >= this.#length || this.#times[place]! > until) return;
      if (this.#isAlikeAt(step, place)) continue;
      tries--;
      this.#path[step] = place;
      this.#goOnFrom(first, last, step + 1, Math.max(done, place));
    }
  }

  /** Whether the best has all steps, and had its first `length` done before the path had. */
  #isDoneLater(length: number): boolean {
    if (this.#found < this.#steps || !this.#anyAlike) return false;
    const [path, best] = [this.#path, this.#best];
    let [done, bestDone] = [0, 0];
    for (let step = 0; step < length; step++) {
      done = Math.max(done, path[step]!);
      bestDone = Math.max(bestDone, best[step]!);
      if (done !== bestDone) return done > bestDone;
    }
    return false;
  }

  /** Whether the path's first `length` steps are longer than the best, or as long and done earlier. */
  #isBetter(length: number): boolean {
    if (length !== this.#found) return length > this.#found;
    const [path, best] = [this.#path, this.#best];
    let [done, bestDone] = [0, 0];
    for (let step = 0; step < length; step++) {
      done = Math.max(done, path[step]!);
      bestDone = Math.max(bestDone, best[step]!);
      if (done !== bestDone) return done < bestDone;
    }
    for (let step = 0; step < length; step++) {
      if (path[step] !== best[step]) return path[step]! < best[step]!;
    }
    return false;
  }

  #note(length: number): void {
    this.#found = length;
    for (let step = 0; step < length; step++) this.#best[step] = this.#path[step]!;
  }

  #grow(): void {
    const size = this.#times.length * 2;
    this.#times = grown(this.#times, new Float64Array(size));
    this.#masks = grown(this.#masks, new Int32Array(size));
    this.#left = new Int32Array(size);
    this.#next = this.#next.map(() => new Int32Array(size + 1));
  }
}

function grown<A extends Float64Array | Int32Array>(from: A, to: A): A {
  to.set(from);
  return to;
}

function bitCount(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}
