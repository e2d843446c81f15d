import { useMemo, useState } from "preact/hooks";
import type { Api } from "../../../api.js";
import { FaultNote } from "../../ui/fault-note.js";
import { counted, shown, timeText } from "../../ui/text.js";
import { useAnswer } from "../../ui/use-answer.js";
import { ChangeText } from "./change-text.js";

type Change = Api["user-changes"]["out"]["changes"][number];

/** What changed of a user's properties, the newest first; of one property if one is chosen. */
export function Changes({ amplitudeId }: { amplitudeId: string }) {
  const { data, loading, fault, retry } = useAnswer("user-changes", { amplitudeId });
  const [property, setProperty] = useState("");
  const changes = data?.changes ?? [];
  const names = useMemo(() => namesOf(changes), [changes]);
  const groups = useMemo(
    () => byEvent(property === "" ? changes : changes.filter((change) => change.property === property)),
    [changes, property],
  );
  if (fault !== undefined) return <FaultNote fault={fault} retry={retry} />;
  if (data === undefined)
    return (
      <p class="muted" aria-busy={loading}>
        Looking…
      </p>
    );
  return (
    <div class="changes">
      <label class="changes-choice">
        <span class="muted">Property</span>
        <select
          class="field"
          value={property}
          onChange={({ currentTarget }) => setProperty(currentTarget.value)}
        >
          <option value="">All {names.length}</option>
          {names.map(({ name, n }) => (
            <option key={name} value={name}>
              {`${shown(name)} (${counted(n, "change")})`}
            </option>
          ))}
        </select>
      </label>
      {groups.length === 0 && <p class="muted">No event has user properties.</p>}
      <ol class="change-list">
        {groups.map(([first, ...others]) => (
          <li key={first.uuid}>
            <p class="change-when">
              <time dateTime={first.time}>{timeText(first.time)}</time>
              <span class="muted">{shown(first.type)}</span>
            </p>
            <ul class="changed">
              {[first, ...others].map((change) => (
                <li key={change.property}>
                  <ChangeText change={change} />
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
      {data.cut && <p class="muted">Only the newest changes are shown.</p>}
    </div>
  );
}

function namesOf(changes: readonly Change[]): { readonly name: string; readonly n: number }[] {
  const counts = new Map<string, number>();
  for (const { property } of changes) counts.set(property, (counts.get(property) ?? 0) + 1);
  return [...counts]
    .map(([name, n]) => ({ name, n }))
    .toSorted((a, b) => b.n - a.n || (a.name < b.name ? -1 : 1));
}

function byEvent(changes: readonly Change[]): (readonly [Change, ...Change[]])[] {
  const groups: [Change, ...Change[]][] = [];
  for (const change of changes) {
    const last = groups.at(-1);
    if (last?.[0].uuid === change.uuid) last.push(change);
    else groups.push([change]);
  }
  return groups;
}
