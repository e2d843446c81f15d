import { useState } from "preact/hooks";
import type { SchemaFacts } from "../../../api.js";
import { usePageState } from "../../state/page-state.js";
import { go } from "../../state/route.js";
import { FaultNote } from "../../ui/fault-note.js";
import { PageHead } from "../../ui/page-head.js";
import { Tabs } from "../../ui/tabs.js";
import { count, counted, shown } from "../../ui/text.js";
import { ChangeList } from "./change-list.js";
import { EventList } from "./event-list.js";
import { PropertyList } from "./property-list.js";
import { selectionRoute } from "./selection-route.js";
import { useSchema } from "./use-schema.js";

const VIEWS = [
  ["events", "Events"],
  ["users", "User properties"],
  ["groups", "Group properties"],
  ["changes", "Changes"],
] as const;

/** The page "Schema": the tracking plan as it really is. */
export default function SchemaPage() {
  const { schema, progress, fault, retry } = useSchema();
  const [view, setView] = usePageState("view", "events");
  const note =
    schema &&
    `${counted(schema.events.length, "event type")}, ${counted(schema.properties.length, "property", "properties")}`;
  return (
    <>
      <PageHead title="Schema" note={note} />
      {fault !== undefined && <FaultNote fault={fault} retry={retry} />}
      {schema === undefined && fault === undefined && <Reading progress={progress} />}
      {schema && (
        <>
          <Tabs
            label="Parts of the schema"
            tabs={VIEWS}
            chosen={view}
            panel="schema-part"
            onChoose={(name) => setView(name, { push: true })}
          />
          <div id="schema-part" role="tabpanel" aria-labelledby={`tab-${view}`}>
            <Part schema={schema} view={view} />
          </div>
        </>
      )}
    </>
  );
}

function Reading({ progress }: { progress: ReturnType<typeof useSchema>["progress"] }) {
  return (
    <div class="schema-reading" role="status">
      <span class="spinner" />
      {progress
        ? `Reading events once: ${count(progress.events)} of ${count(progress.of)}`
        : "Reading events once"}
    </div>
  );
}

function Part({ schema, view }: { schema: SchemaFacts; view: string }) {
  const of = (column: string) => schema.properties.filter((property) => property.column === column);
  if (view === "users")
    return <PropertyList properties={of("user_properties")} empty="No user has properties." />;
  if (view === "groups")
    return <PropertyList properties={of("group_properties")} empty="There are no groups." />;
  if (view === "changes") return <ChangeList changes={schema.changes} />;
  return <Events schema={schema} />;
}

function Events({ schema }: { schema: SchemaFacts }) {
  const [open, setOpen] = usePageState("type");
  const [search, setSearch] = useState("");
  const wanted = search.trim().toLowerCase();
  const has = (name: string) => name.toLowerCase().includes(wanted);
  const names = new Set(
    schema.properties.flatMap(({ event, name }) => (event !== null && has(name) ? [event] : [])),
  );
  const events = schema.events.filter(({ name }) => has(name) || names.has(name));
  const properties = schema.properties.filter(
    ({ event, column }) => event === open && column === "event_properties",
  );
  return (
    <div class={`schema-split ${open === "" ? "" : "opened"}`}>
      <section aria-label="Event types">
        <input
          class="field schema-search"
          type="search"
          placeholder="Search event types and properties"
          aria-label="Search event types and properties"
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
        {events.length === 0 ? (
          <p class="muted">No event type or property has that in its name.</p>
        ) : (
          <EventList
            schema={schema}
            events={events}
            open={open}
            onOpen={(name) => setOpen(name === open ? "" : name, { push: true })}
          />
        )}
      </section>
      {open !== "" && (
        <section aria-labelledby="schema-open">
          <div class="schema-open-head">
            <h2 id="schema-open">{shown(open)}</h2>
            <button type="button" class="button" onClick={() => go(selectionRoute({ events: [open] }))}>
              Look at its events
            </button>
          </div>
          <PropertyList properties={properties} empty="It has no properties." />
        </section>
      )}
    </div>
  );
}
