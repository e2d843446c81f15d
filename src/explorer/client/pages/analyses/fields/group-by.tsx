import { Icon } from "../../../ui/icon.js";
import { PropertyPicker } from "../../../ui/pick/property-picker.js";
import { Popover } from "../../../ui/popover.js";
import { Tag } from "../../../ui/tag.js";
import { textsOf } from "../draft.js";

interface GroupByProps {
  readonly value: unknown;
  readonly event?: string | undefined;
  /** Default 2. */
  readonly most?: number | undefined;
  readonly onChange: (properties: readonly string[] | undefined) => void;
}

/** Properties by whose values rows are told apart. */
export function GroupBy({ value, event, most = 2, onChange }: GroupByProps) {
  const properties = textsOf(value).filter((name) => name !== "");
  const set = (next: readonly string[]) => onChange(next.length > 0 ? next : undefined);
  return (
    <span class="field-row">
      {properties.map((name) => (
        <Tag key={name} name={name} onRemove={() => set(properties.filter((one) => one !== name))} />
      ))}
      {properties.length < most && (
        <Popover class="button quiet add" label="Choose a property" button={<Icon name="plus" />}>
          {(close) => (
            <PropertyPicker
              event={event}
              onPick={(name) => {
                set([...properties.filter((one) => one !== name), name]);
                close();
              }}
            />
          )}
        </Popover>
      )}
    </span>
  );
}
