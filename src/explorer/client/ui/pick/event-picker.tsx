import { useMemo } from "preact/hooks";
import { useAnswer } from "../use-answer.js";
import { PickList } from "./pick-list.js";

interface EventPickerProps {
  readonly onPick: (event: string) => void;
  /** With it several can be picked: those that are. */
  readonly picked?: readonly string[] | undefined;
}

/** The lake's event types, most frequent first. */
export function EventPicker({ onPick, picked }: EventPickerProps) {
  const { data, loading, fault } = useAnswer("names", { kind: "events" });
  const options = useMemo(
    () => (data?.names ?? []).map(({ name, events }) => ({ key: name, label: name, count: events })),
    [data],
  );
  const set = useMemo(() => picked && new Set(picked), [picked]);
  return (
    <PickList
      label="Event type"
      options={options}
      loading={loading}
      fault={fault}
      picked={set}
      onPick={({ key }) => onPick(key)}
    />
  );
}
