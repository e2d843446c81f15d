import { useMemo } from "preact/hooks";
import { changeSelection } from "../state/selection.js";
import { PickList } from "../ui/pick/pick-list.js";
import { useAnswer } from "../ui/use-answer.js";

/** Picks a saved cohort for the selection. */
export function CohortChoice({ onDone }: { onDone: () => void }) {
  const { data, loading, fault } = useAnswer("cohorts", {}, { fresh: true });
  const options = useMemo(
    () => (data?.cohorts ?? []).map(({ name }) => ({ key: name, label: name })),
    [data],
  );
  return (
    <PickList
      label="Cohort"
      options={options}
      loading={loading}
      fault={fault}
      empty="No cohort is saved yet. Make one in Analyses."
      onPick={({ key }) => {
        onDone();
        changeSelection({ cohort: key });
      }}
    />
  );
}
