import { useState } from "preact/hooks";
import { changeSelection, selection } from "../state/selection.js";
import { useStore } from "../state/store.js";
import { FilterEditor } from "../ui/pick/filter-editor.js";
import { PropertyPicker } from "../ui/pick/property-picker.js";
import { CohortChoice } from "./cohort-choice.js";
import { EventsChoice } from "./events-choice.js";

const EVENTS = { key: "\0events", label: "Event types", group: "Selection" };
const COHORT = { key: "\0cohort", label: "Users of a cohort", group: "Selection" };
const EXTRA = [EVENTS, COHORT];

/** Adds a condition to the selection: event types, a cohort, or a column or property. */
export function AddFilter({ onDone }: { onDone: () => void }) {
  const now = useStore(selection);
  const [property, setProperty] = useState<string>();
  if (property === undefined) return <PropertyPicker extra={EXTRA} onPick={setProperty} />;
  if (property === EVENTS.key) return <EventsChoice picked={now.events ?? []} onDone={onDone} />;
  if (property === COHORT.key) return <CohortChoice onDone={onDone} />;
  return (
    <FilterEditor
      property={property}
      selection={now}
      onDone={(filter) => {
        onDone();
        changeSelection({ filters: [...(now.filters ?? []), filter] });
      }}
    />
  );
}
