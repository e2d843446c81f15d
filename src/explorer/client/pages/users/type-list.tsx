import type { Api } from "../../../api.js";
import { count, shown } from "../../ui/text.js";

interface TypeListProps {
  readonly types: Api["user"]["out"]["types"];
  readonly chosen: readonly string[];
  readonly onTurn: (type: string) => void;
  readonly onAll: () => void;
}

/** What a user did, the most frequent first; those that are chosen are shown in the timeline. */
export function TypeList({ types, chosen, onTurn, onAll }: TypeListProps) {
  const most = Math.max(1, ...types.map(({ events }) => events));
  return (
    <>
      <div class="side-head">
        <h2>Event types</h2>
        {chosen.length > 0 && (
          <button type="button" class="text-button" onClick={onAll}>
            Show all
          </button>
        )}
      </div>
      <ul class="type-list">
        {types.map(({ value, events }) => (
          <li key={value}>
            <button
              type="button"
              class="type"
              aria-pressed={chosen.includes(value)}
              onClick={() => onTurn(value)}
            >
              <span class="type-bar" style={{ width: `${(events / most) * 100}%` }} />
              <span class="type-name">{shown(value)}</span>
              <span class="type-count">{count(events)}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
