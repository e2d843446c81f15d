import { choiceOf, choicesOf, type Draft, withPart } from "./draft.js";
import { EventChoiceField } from "./fields/event-choice.js";
import { EventList } from "./fields/event-list.js";
import { GroupBy } from "./fields/group-by.js";
import { MeasureField } from "./fields/measure.js";
import { Segments } from "./fields/segments.js";
import { FORMS, type FormField } from "./forms.js";

interface BuilderProps {
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
}

/** What an analysis asks, as a form. A change is asked for at once. */
export function Builder({ draft, onChange }: BuilderProps) {
  const set = (part: string) => (value: unknown) => onChange(withPart(draft, part, value));
  return (
    <form class="builder" aria-label="Definition" onSubmit={(event) => event.preventDefault()}>
      {(FORMS[draft.analysis] ?? []).map((field) => (
        <div key={field.part} class={`builder-part ${field.kind}`}>
          <span class="builder-label">{field.label}</span>
          <Field field={field} draft={draft} onChange={set(field.part)} />
        </div>
      ))}
    </form>
  );
}

interface FieldProps {
  readonly field: FormField;
  readonly draft: Draft;
  readonly onChange: (value: unknown) => void;
}

function Field({ field, draft, onChange }: FieldProps) {
  const value = draft[field.part];
  switch (field.kind) {
    case "events":
      return <EventList value={value} letters={field.letters} onChange={onChange} />;
    case "event":
      return (
        <EventChoiceField
          choice={choiceOf(value) ?? { event: field.fallback ?? "_active" }}
          special={field.special}
          onChange={(choice) =>
            onChange(choice.event === field.fallback && !choice.filters ? undefined : choice)
          }
        />
      );
    case "measure":
      return <MeasureField value={value} event={eventOf(draft)} onChange={onChange} />;
    case "property":
      return (
        <GroupBy
          value={value}
          event={eventOf(draft)}
          most={1}
          onChange={(names) => onChange(names?.[0] ?? (field.optional ? undefined : ""))}
        />
      );
    case "groupBy":
      return <GroupBy value={value} event={eventOf(draft)} onChange={onChange} />;
    case "segments":
      return <Segments value={value} onChange={onChange} />;
    case "choice":
      return (
        <select
          class="field"
          aria-label={field.label}
          value={typeof value === "string" ? value : field.options[0]?.[0]}
          onChange={({ currentTarget }) =>
            onChange(currentTarget.value === field.options[0]?.[0] ? undefined : currentTarget.value)
          }
        >
          {field.options.map(([option, title]) => (
            <option key={option} value={option}>
              {title}
            </option>
          ))}
        </select>
      );
    case "text":
      return (
        <input
          class="field wide"
          aria-label={field.label}
          placeholder={field.example}
          spellcheck={false}
          value={typeof value === "string" ? value : ""}
          onChange={({ currentTarget }) => onChange(currentTarget.value.trim() || undefined)}
        />
      );
    case "number":
      return (
        <span class="field-row">
          <input
            class="field narrow"
            type="number"
            min="1"
            aria-label={[field.label, field.unit].filter(Boolean).join(", ")}
            placeholder={field.example}
            value={typeof value === "number" ? String(value) : ""}
            onChange={({ currentTarget }) =>
              onChange(currentTarget.value === "" ? undefined : Number(currentTarget.value))
            }
          />
          {field.unit !== undefined && <span class="builder-label">{field.unit}</span>}
        </span>
      );
    case "switch":
      return (
        <input
          type="checkbox"
          aria-label={field.label}
          checked={value === true}
          onChange={({ currentTarget }) => onChange(currentTarget.checked || undefined)}
        />
      );
  }
}

/** The event type whose properties are offered: the only one that the draft has. */
function eventOf(draft: Draft): string | undefined {
  const types = ["events", "steps", "event"].flatMap((part) =>
    choicesOf(draft[part]).map(({ event }) => event),
  );
  const [only] = types;
  return types.length === 1 && typeof only === "string" && !only.startsWith("_") ? only : undefined;
}
