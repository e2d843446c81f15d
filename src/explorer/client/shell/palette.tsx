import { useMemo } from "preact/hooks";
import { PAGES } from "../pages.js";
import { go } from "../state/route.js";
import { changeSelection, pageRoute } from "../state/selection.js";
import { Dialog } from "../ui/dialog.js";
import type { PickOption } from "../ui/pick/option.js";
import { PickList } from "../ui/pick/pick-list.js";
import { propertyOptions } from "../ui/pick/property-options.js";
import { useAnswer } from "../ui/use-answer.js";
import { palette } from "./sheets.js";

interface Action extends PickOption {
  act(): void;
}

/**
 * Search over everything that has a name. A page is opened, an event type is selected, a property is shown in the overview, a
 * saved analysis or board is opened in Analyses, a cohort is selected.
 */
export function Palette() {
  const events = useAnswer("names", { kind: "events" });
  const columns = useAnswer("names", { kind: "columns" });
  const ofEvents = useAnswer("names", { kind: "eventProperties" });
  const ofUsers = useAnswer("names", { kind: "userProperties" });
  const saved = useAnswer("analyses", {}, { fresh: true });
  const cohorts = useAnswer("cohorts", {}, { fresh: true });
  const options = useMemo((): readonly Action[] => {
    const action = (group: string, name: string, act: () => void, count?: number): Action => ({
      key: `${group} ${name}`,
      label: name,
      group,
      act,
      ...(count !== undefined && { count }),
    });
    const properties = propertyOptions({
      columns: columns.data?.names,
      eventProperties: ofEvents.data?.names,
      userProperties: ofUsers.data?.names,
    });
    return [
      ...PAGES.map(({ name, title }) => action("Pages", title, () => go(pageRoute(name)))),
      ...(saved.data?.analyses ?? []).map(({ name }) =>
        action("Saved analyses", name, () => go(pageRoute("analyses", { saved: name }))),
      ),
      ...(saved.data?.boards ?? []).map(({ name }) =>
        action("Boards", name, () => go(pageRoute("analyses", { board: name }))),
      ),
      ...(cohorts.data?.cohorts ?? []).map(({ name }) =>
        action("Cohorts", name, () => changeSelection({ cohort: name })),
      ),
      ...(events.data?.names ?? []).map(({ name, events: count }) =>
        action("Event types", name, () => changeSelection({ events: [name] }), count),
      ),
      ...properties.map((option) => ({
        ...option,
        act: () => go(pageRoute("overview", { by: option.key })),
      })),
    ];
  }, [events.data, columns.data, ofEvents.data, ofUsers.data, saved.data, cohorts.data]);
  const close = () => palette.set(false);
  return (
    <Dialog title="Search" onClose={close} shape="top">
      <PickList
        label="Search pages, events, properties, saved things"
        options={options}
        loading={events.loading || ofEvents.loading}
        onPick={({ key }) => {
          close();
          options.find((option) => option.key === key)?.act();
        }}
      />
    </Dialog>
  );
}
