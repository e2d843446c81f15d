import { useMemo } from "preact/hooks";
import { useAnswer } from "../use-answer.js";
import type { PickOption } from "./option.js";
import { PickList } from "./pick-list.js";
import { propertyOptions } from "./property-options.js";

interface PropertyPickerProps {
  readonly onPick: (property: string) => void;
  /** Only event properties of this event type; default those of all. */
  readonly event?: string | undefined;
  /** With it several can be picked: those that are. */
  readonly picked?: readonly string[] | undefined;
  /** What else can be picked: it stands first. */
  readonly extra?: readonly PickOption[] | undefined;
}

const NONE: readonly PickOption[] = [];

/** Columns, event properties, user properties and group properties, as filters write them. */
export function PropertyPicker({ onPick, event, picked, extra = NONE }: PropertyPickerProps) {
  const columns = useAnswer("names", { kind: "columns" });
  const ofEvents = useAnswer("names", { kind: "eventProperties", ...(event !== undefined && { event }) });
  const ofUsers = useAnswer("names", { kind: "userProperties" });
  const ofGroups = useAnswer("names", { kind: "groupProperties" });
  const all = [columns, ofEvents, ofUsers, ofGroups];
  const options = useMemo(
    () => [
      ...extra,
      ...propertyOptions({
        columns: columns.data?.names,
        eventProperties: ofEvents.data?.names,
        userProperties: ofUsers.data?.names,
        groupProperties: ofGroups.data?.names,
      }),
    ],
    [extra, columns.data, ofEvents.data, ofUsers.data, ofGroups.data],
  );
  const set = useMemo(() => picked && new Set(picked), [picked]);
  return (
    <PickList
      label="Property"
      options={options}
      loading={all.some(({ loading }) => loading)}
      fault={all.find(({ fault }) => fault !== undefined)?.fault}
      picked={set}
      onPick={({ key }) => onPick(key)}
    />
  );
}
