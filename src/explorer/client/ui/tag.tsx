import { Icon } from "./icon.js";
import { shown } from "./text.js";

/** A name that was chosen, with a button that takes it out. */
export function Tag({ name, onRemove }: { name: string; onRemove: () => void }) {
  return (
    <span class="tag">
      <span class="cut">{shown(name)}</span>
      <button type="button" class="icon-button small" aria-label={`Remove ${shown(name)}`} onClick={onRemove}>
        <Icon name="close" />
      </button>
    </span>
  );
}
