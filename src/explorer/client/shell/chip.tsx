import type { ComponentChildren } from "preact";
import { Icon } from "../ui/icon.js";
import { Popover } from "../ui/popover.js";

interface ChipProps {
  readonly text: string;
  readonly title: string;
  readonly onRemove: () => void;
  /** What changes it. */
  readonly children: (close: () => void) => ComponentChildren;
}

/** A condition: a click changes it, the cross takes it out. */
export function Chip({ text, title, onRemove, children }: ChipProps) {
  return (
    <span class="chip">
      <Popover class="chip-text" label={title} button={text}>
        {children}
      </Popover>
      <button
        type="button"
        class="chip-remove"
        aria-label={`Remove ${text}`}
        title="Remove"
        onClick={onRemove}
      >
        <Icon name="close" />
      </button>
    </span>
  );
}
