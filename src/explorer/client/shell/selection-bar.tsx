import { filterText } from "../../../browser.js";
import type { Selection } from "../../api.js";
import { changeSelection, redo, select, selection, steps, undo } from "../state/selection.js";
import { useStore } from "../state/store.js";
import { Icon } from "../ui/icon.js";
import { FilterEditor } from "../ui/pick/filter-editor.js";
import { Popover } from "../ui/popover.js";
import { shown } from "../ui/text.js";
import { rangeText } from "../ui/time/range.js";
import { TimePicker } from "../ui/time/time-picker.js";
import { AddFilter } from "./add-filter.js";
import { Chip } from "./chip.js";
import { CohortChoice } from "./cohort-choice.js";
import { EventsChoice } from "./events-choice.js";

/** What is looked at, in words that can be changed and taken out, on every page. */
export function SelectionBar({ applies }: { applies: boolean }) {
  const now = useStore(selection);
  const { undo: canUndo, redo: canRedo } = useStore(steps);
  const { events = [], filters = [], cohort } = now;
  const some = Object.keys(now).length > 0;
  const setFilters = (next: readonly NonNullable<Selection["filters"]>[number][]) =>
    changeSelection({ filters: next.length > 0 ? next : undefined });
  return (
    <div class="selection">
      <Popover
        class="chip-button"
        label={`Time range: ${rangeText(now)}`}
        button={
          <>
            <Icon name="calendar" />
            {rangeText(now)}
          </>
        }
      >
        {(close) => (
          <TimePicker
            range={now}
            onDone={({ from, to }) => {
              close();
              changeSelection({ from, to });
            }}
          />
        )}
      </Popover>
      {events.length > 0 && (
        <Chip
          text={
            events.length > 2
              ? `${shown(events[0] ?? "")} or ${events.length - 1} others`
              : events.map(shown).join(" or ")
          }
          title={events.map(shown).join("\n")}
          onRemove={() => changeSelection({ events: undefined })}
        >
          {(close) => <EventsChoice picked={events} onDone={close} />}
        </Chip>
      )}
      {filters.map((filter, i) => (
        <Chip
          key={JSON.stringify(filter)}
          text={shown(filterText(filter))}
          title={shown(filterText(filter))}
          onRemove={() => setFilters(filters.filter((_, j) => j !== i))}
        >
          {(close) => (
            <FilterEditor
              filter={filter}
              selection={{ ...now, filters: filters.filter((_, j) => j !== i) }}
              onDone={(next) => {
                close();
                setFilters(filters.map((one, j) => (j === i ? next : one)));
              }}
            />
          )}
        </Chip>
      ))}
      {cohort !== undefined && (
        <Chip
          text={`Cohort ${shown(cohort)}`}
          title={shown(cohort)}
          onRemove={() => changeSelection({ cohort: undefined })}
        >
          {(close) => <CohortChoice onDone={close} />}
        </Chip>
      )}
      <Popover
        class="chip-button add"
        label="Add filter"
        button={
          <>
            <Icon name="plus" />
            <span>Filter</span>
          </>
        }
      >
        {(close) => <AddFilter onDone={close} />}
      </Popover>
      {!applies && some && <span class="muted selection-note">This page shows the whole lake.</span>}
      <span class="selection-steps">
        {some && (
          <button type="button" class="button quiet" onClick={() => select({})}>
            Clear
          </button>
        )}
        <button
          type="button"
          class="icon-button"
          aria-label="Undo"
          title="Undo (z)"
          disabled={!canUndo}
          onClick={undo}
        >
          <Icon name="undo" />
        </button>
        <button
          type="button"
          class="icon-button"
          aria-label="Redo"
          title="Redo (Shift z)"
          disabled={!canRedo}
          onClick={redo}
        >
          <Icon name="redo" />
        </button>
      </span>
    </div>
  );
}
