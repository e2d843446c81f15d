import { filterText } from "../../../../../browser.js";
import { selection } from "../../../state/selection.js";
import { useStore } from "../../../state/store.js";
import { Icon } from "../../../ui/icon.js";
import { FilterEditor } from "../../../ui/pick/filter-editor.js";
import { PickList } from "../../../ui/pick/pick-list.js";
import { Popover } from "../../../ui/popover.js";
import { Tag } from "../../../ui/tag.js";
import { useAnswer } from "../../../ui/use-answer.js";

interface SegmentsProps {
  readonly value: unknown;
  readonly onChange: (segments: Readonly<Record<string, object>> | undefined) => void;
}

/** Segments side by side: users or events with a condition, saved cohorts, and all. */
export function Segments({ value, onChange }: SegmentsProps) {
  const looked = useStore(selection);
  const { data } = useAnswer("cohorts", {});
  const segments = segmentsOf(value);
  const names = Object.keys(segments);
  const set = (next: Readonly<Record<string, object>>) =>
    onChange(Object.keys(next).length > 0 ? next : undefined);
  const add = (name: string, segment: object) =>
    set(
      names.length === 0 && name !== "all" ? { all: {}, [name]: segment } : { ...segments, [name]: segment },
    );
  return (
    <span class="field-row">
      {names.map((name) => (
        <Tag
          key={name}
          name={name}
          onRemove={() => set(Object.fromEntries(Object.entries(segments).filter(([one]) => one !== name)))}
        />
      ))}
      <Popover
        class="button quiet add"
        label="Add a segment with a condition"
        button={<Icon name="filter" />}
      >
        {(close) => (
          <FilterEditor
            selection={looked}
            onDone={(filter) => {
              add(filterText(filter), { filters: [filter] });
              close();
            }}
          />
        )}
      </Popover>
      {(data?.cohorts.length ?? 0) > 0 && (
        <Popover class="button quiet add" label="Add a cohort" button={<Icon name="users" />}>
          {(close) => (
            <PickList
              label="Cohort"
              options={(data?.cohorts ?? []).map(({ name }) => ({ key: name, label: name }))}
              onPick={({ key }) => {
                add(key, { cohort: key });
                close();
              }}
            />
          )}
        </Popover>
      )}
    </span>
  );
}

function segmentsOf(value: unknown): Readonly<Record<string, object>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, object>>)
    : {};
}
