import { type Choice, choicesOf } from "../draft.js";
import { EventButton, EventChoiceField } from "./event-choice.js";

const MOST = 10;
const SPECIAL = ["_active", "_all"];

interface EventListProps {
  readonly value: unknown;
  /** Letters as formulas name events, else numbers. */
  readonly letters: boolean;
  readonly onChange: (choices: readonly Choice[]) => void;
}

/** Events in order; one more can be added, and each can go. */
export function EventList({ value, letters, onChange }: EventListProps) {
  const choices = choicesOf(value);
  return (
    <div class="choices">
      {choices.map((choice, i) => (
        <EventChoiceField
          // Events have no identity but their place.
          key={`${i} ${JSON.stringify(choice.event)}`}
          choice={choice}
          mark={letters ? String.fromCharCode(65 + i) : String(i + 1)}
          special={SPECIAL}
          onChange={(next) => onChange(choices.map((one, j) => (j === i ? next : one)))}
          onRemove={choices.length > 1 ? () => onChange(choices.filter((_, j) => j !== i)) : undefined}
        />
      ))}
      {choices.length < MOST && (
        <EventButton
          class="button quiet add"
          label={letters ? "+ Event" : "+ Step"}
          title="Add"
          special={SPECIAL}
          onPick={(event) => onChange([...choices, { event }])}
        />
      )}
    </div>
  );
}
