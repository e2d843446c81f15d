import { filterText } from "../../../../../browser.js";
import { selection } from "../../../state/selection.js";
import { useStore } from "../../../state/store.js";
import { Icon } from "../../../ui/icon.js";
import { EventPicker } from "../../../ui/pick/event-picker.js";
import { type Filter as Condition, FilterEditor } from "../../../ui/pick/filter-editor.js";
import { Popover } from "../../../ui/popover.js";
import { shown } from "../../../ui/text.js";
import type { Choice } from "../draft.js";

const SPECIAL: Readonly<Record<string, readonly [title: string, says: string]>> = {
  _active: ["Any active event", "any event that is not marked inactive"],
  _all: ["Any event", "inactive ones too"],
  _new: ["New user", "the first event of all"],
};

interface EventChoiceFieldProps {
  readonly choice: Choice;
  /** Stands before the event: its letter or the step's number. */
  readonly mark?: string | undefined;
  readonly special: readonly string[];
  readonly onChange: (choice: Choice) => void;
  readonly onRemove?: (() => void) | undefined;
}

/** One event with its conditions. */
export function EventChoiceField({ choice, mark, special, onChange, onRemove }: EventChoiceFieldProps) {
  const looked = useStore(selection);
  const filters = choice.filters ?? [];
  const type = typeof choice.event === "string" && !choice.event.startsWith("_") ? choice.event : undefined;
  const withFilters = (next: readonly Condition[]) => {
    const { filters: _, ...rest } = choice;
    onChange(next.length > 0 ? { ...rest, filters: next } : rest);
  };
  return (
    <div class="choice">
      <div class="choice-event">
        {mark && <span class="choice-mark">{mark}</span>}
        <EventButton
          label={nameOf(choice.event)}
          title="Change the event"
          special={special}
          onPick={(event) => onChange({ event })}
        />
        <Popover class="icon-button small" label="Add a condition" button={<Icon name="filter" />}>
          {(close) => (
            <FilterEditor
              event={type}
              selection={{ ...looked, ...(type !== undefined && { events: [type] }) }}
              onDone={(filter) => {
                withFilters([...conditions(filters), filter]);
                close();
              }}
            />
          )}
        </Popover>
        {onRemove && (
          <button
            type="button"
            class="icon-button small"
            aria-label={`Remove ${nameOf(choice.event)}`}
            onClick={onRemove}
          >
            <Icon name="close" />
          </button>
        )}
      </div>
      {conditions(filters).map((filter, i) => (
        <p key={JSON.stringify(filter)} class="choice-filter">
          <span>where {shown(filterText(filter))}</span>
          <button
            type="button"
            class="icon-button small"
            aria-label={`Remove the condition ${filterText(filter)}`}
            onClick={() => withFilters(conditions(filters).filter((_, j) => j !== i))}
          >
            <Icon name="close" />
          </button>
        </p>
      ))}
    </div>
  );
}

interface EventButtonProps {
  readonly label: string;
  readonly title: string;
  readonly special: readonly string[];
  readonly class?: string | undefined;
  readonly onPick: (event: string) => void;
}

/** A button that picks an event type, or one of Amplitude's special events. */
export function EventButton({
  label,
  title,
  special,
  class: name = "choice-button",
  onPick,
}: EventButtonProps) {
  return (
    <Popover class={name} label={`${title}: ${label}`} button={<span class="cut">{label}</span>}>
      {(close) => {
        const pick = (event: string) => {
          onPick(event);
          close();
        };
        return (
          <div class="choice-sheet">
            {special.length > 0 && (
              <div class="choice-special">
                {special.map((event) => (
                  <button
                    key={event}
                    type="button"
                    class="button"
                    title={SPECIAL[event]?.[1]}
                    onClick={() => pick(event)}
                  >
                    {nameOf(event)}
                  </button>
                ))}
              </div>
            )}
            <EventPicker onPick={pick} />
          </div>
        );
      }}
    </Popover>
  );
}

/** An event as it is shown. */
export function nameOf(event: Choice["event"]): string {
  if (typeof event !== "string") return event.map(nameOf).join(" or ");
  return SPECIAL[event]?.[0] ?? shown(event);
}

function conditions(filters: NonNullable<Choice["filters"]>): readonly Condition[] {
  // They come from the filter editor, or from a URL, whose definition the server checks.
  return filters as readonly Condition[];
}
