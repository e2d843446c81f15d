import { Icon } from "../../ui/icon.js";
import { PropertyPicker } from "../../ui/pick/property-picker.js";
import { Popover } from "../../ui/popover.js";
import type { ShownColumns } from "./use-shown-columns.js";

/** A button that opens the list of columns and properties, to show or hide them. */
export function ColumnChoice({ columns }: { columns: ShownColumns }) {
  const names = columns.shown.map(({ name }) => name);
  return (
    <Popover
      label="Choose columns"
      button={
        <>
          <Icon name="columns" />
          <span>Columns</span>
        </>
      }
    >
      {(close) => (
        <div class="column-choice">
          <PropertyPicker
            picked={names}
            onPick={(name) => (names.includes(name) ? columns.remove(name) : columns.add(name))}
          />
          <div class="form-foot">
            <button
              type="button"
              class="button quiet"
              disabled={columns.isDefault}
              onClick={() => {
                columns.reset();
                close();
              }}
            >
              As at first
            </button>
          </div>
        </div>
      )}
    </Popover>
  );
}
