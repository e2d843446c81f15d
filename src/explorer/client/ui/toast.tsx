import { storeOf, useStore } from "../state/store.js";

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly bad: boolean;
}

const toasts = storeOf<readonly Toast[]>([]);
const STAYS = 5000;
let last = 0;

/** Says something for five seconds at the lower edge: what was done, or with `bad` what failed. */
export function toast(text: string, { bad = false } = {}): void {
  const id = ++last;
  toasts.set([...toasts.get(), { id, text, bad }]);
  setTimeout(() => toasts.set(toasts.get().filter((one) => one.id !== id)), STAYS);
}

/** Where toasts are shown. */
export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {useStore(toasts).map(({ id, text, bad }) => (
        <p key={id} class={`toast ${bad ? "bad" : ""}`}>
          {text}
        </p>
      ))}
    </div>
  );
}
