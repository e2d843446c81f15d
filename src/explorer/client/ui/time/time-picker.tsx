import { useState } from "preact/hooks";
import { lake } from "../../state/lake.js";
import { useStore } from "../../state/store.js";
import { isoText, lastDays, type TimeRange, utc, wholeDays } from "./range.js";

interface TimePickerProps {
  readonly range: TimeRange;
  readonly onDone: (range: TimeRange) => void;
}

const PRESETS = [1, 7, 30, 90, 365];

/** Ranges that end with the lake's last event, or any from and to, in UTC. */
export function TimePicker({ range, onDone }: TimePickerProps) {
  const facts = useStore(lake);
  const extent = { from: facts?.from ?? null, to: facts?.to ?? null };
  const [from, setFrom] = useState(fieldText(range.from ?? wholeDays(extent).from));
  const [to, setTo] = useState(fieldText(range.to ?? wholeDays(extent).to));
  const wrong = from !== "" && to !== "" && from >= to;
  return (
    <form
      class="time-picker"
      onSubmit={(event) => {
        event.preventDefault();
        if (!wrong) onDone({ from: momentOf(from), to: momentOf(to) });
      }}
    >
      <div class="time-presets">
        {PRESETS.map((days) => (
          <button key={days} type="button" class="button" onClick={() => onDone(lastDays(extent, days))}>
            {days === 1 ? "Last day" : days === 365 ? "Last year" : `Last ${days} days`}
          </button>
        ))}
        <button type="button" class="button" onClick={() => onDone({ from: undefined, to: undefined })}>
          All time
        </button>
      </div>
      <div class="time-fields">
        <label>
          From
          <input
            class="field"
            type="datetime-local"
            value={from}
            onInput={({ currentTarget }) => setFrom(currentTarget.value)}
          />
        </label>
        <label>
          Before
          <input
            class="field"
            type="datetime-local"
            value={to}
            onInput={({ currentTarget }) => setTo(currentTarget.value)}
          />
        </label>
        <p class={wrong ? "wrong" : "muted"}>{wrong ? "It ends before it begins." : "Times are in UTC."}</p>
      </div>
      <div class="form-foot">
        <button type="submit" class="button primary" disabled={wrong}>
          Show this time
        </button>
      </div>
    </form>
  );
}

function fieldText(time: string | undefined): string {
  return time === undefined ? "" : new Date(utc(time)).toISOString().slice(0, 16);
}

function momentOf(field: string): string | undefined {
  return field === "" ? undefined : isoText(Date.parse(`${field}Z`));
}
