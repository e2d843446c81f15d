import { useMemo } from "preact/hooks";
import type { Api } from "../../../api.js";
import { usePageState } from "../../state/page-state.js";
import { hrefOf } from "../../state/route.js";
import { pageRoute, selection } from "../../state/selection.js";
import { withSelection } from "../../state/selection-params.js";
import { EventPanel } from "../../ui/event/event-panel.js";
import { FaultNote } from "../../ui/fault-note.js";
import { Icon } from "../../ui/icon.js";
import { Link } from "../../ui/link.js";
import { count, counted, shown, timeText } from "../../ui/text.js";
import { useAnswer } from "../../ui/use-answer.js";
import { Changes } from "./changes.js";
import { DayBars } from "./day-bars.js";
import { Timeline } from "./timeline.js";
import { TypeList } from "./type-list.js";
import { UserProperties } from "./user-properties.js";

type User = Api["user"]["out"];

const VIEWS = [
  { name: "timeline", title: "Timeline" },
  { name: "changes", title: "Property changes" },
] as const;

/** One user: who it is, what it did by session, and how its properties changed. */
export function UserPage({ amplitudeId }: { amplitudeId: string }) {
  const { data: user, fault, retry } = useAnswer("user", { amplitudeId });
  const [view, setView] = usePageState("show", "timeline");
  const [open, setOpen] = usePageState("open");
  const [openUuid = "", openTime = ""] = open.split("~");
  const [typesText, setTypes] = usePageState("types");
  const types = useMemo(() => (typesText === "" ? [] : namesOf(typesText)), [typesText]);
  const turn = (type: string) => {
    const next = types.includes(type) ? types.filter((one) => one !== type) : [...types, type];
    setTypes(next.length === 0 ? "" : JSON.stringify(next), { push: true });
  };
  return (
    <div class="user">
      <p class="back">
        <Link to={pageRoute("users")}>
          <Icon name="left" />
          Users
        </Link>
      </p>
      {fault !== undefined && <FaultNote fault={fault} retry={retry} />}
      {user && (
        <>
          <UserHead user={user} />
          <DayBars days={user.days} />
          <div class="user-columns">
            <div class="user-main">
              <div class="segmented" role="group" aria-label="What is shown of the user">
                {VIEWS.map(({ name, title }) => (
                  <button
                    key={name}
                    type="button"
                    class="segment"
                    aria-pressed={view === name}
                    onClick={() => setView(name, { push: true })}
                  >
                    {title}
                  </button>
                ))}
              </div>
              {view === "changes" ? (
                <Changes amplitudeId={amplitudeId} />
              ) : (
                <Timeline
                  amplitudeId={amplitudeId}
                  types={types}
                  open={openUuid}
                  onOpen={({ uuid, time }) => setOpen(`${uuid}~${time}`, { push: open === "" })}
                />
              )}
            </div>
            <aside class="user-side" aria-label="Event types and properties">
              <TypeList
                types={user.types}
                chosen={types}
                onTurn={turn}
                onAll={() => setTypes("", { push: true })}
              />
              <UserProperties json={user.properties} />
            </aside>
          </div>
          {open !== "" && (
            <div class="user-event">
              <EventPanel uuid={openUuid} time={openTime} onClose={() => setOpen("")} />
            </div>
          )}
        </>
      )}
    </div>
  );
}

function UserHead({ user }: { user: User }) {
  const name = user.userIds[0]?.value ?? user.deviceIds[0]?.value ?? user.amplitudeId;
  const now = selection.get();
  const ofUser = {
    ...now,
    filters: [
      ...(now.filters ?? []).filter(({ property }) => property !== "amplitude_id"),
      { property: "amplitude_id", op: "is" as const, value: user.amplitudeId },
    ],
  };
  const events = { page: "events", params: withSelection(new URLSearchParams(), ofUser) };
  return (
    <header class="user-head">
      <div class="user-name">
        <h1 title={shown(name)}>{shown(name)}</h1>
        <Link class="button" to={events} title={hrefOf(events)}>
          <Icon name="events" />
          Events of this user
        </Link>
      </div>
      <dl class="facts">
        <Fact name="Events" value={count(user.events)} />
        <Fact name="Sessions" value={count(user.sessions)} />
        <Fact name="First seen" value={timeText(user.first)} />
        <Fact name="Last seen" value={timeText(user.last)} />
        <Fact name="Platforms" values={user.platforms} />
        <Fact name="Countries" values={user.countries} />
        <Fact name={user.userIds.length > 1 ? "User ids" : "User id"} values={user.userIds} />
        <Fact name={user.deviceIds.length > 1 ? "Device ids" : "Device id"} values={user.deviceIds} />
        <Fact name="Amplitude id" value={user.amplitudeId} />
      </dl>
    </header>
  );
}

const SHOWN_VALUES = 3;

function Fact({ name, value, values }: { name: string; value?: string; values?: User["types"] }) {
  if (values?.length === 0) return null;
  const more = (values?.length ?? 0) - SHOWN_VALUES;
  return (
    <div class="fact">
      <dt>{name}</dt>
      <dd title={values?.map((one) => `${shown(one.value)}: ${counted(one.events, "event")}`).join("\n")}>
        {value ??
          values?.slice(0, SHOWN_VALUES).map((one) => <span key={one.value}>{shown(one.value)}</span>)}
        {more > 0 && <span class="muted">and {more} more</span>}
      </dd>
    </div>
  );
}

function namesOf(text: string): string[] {
  try {
    const names: unknown = JSON.parse(text);
    return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
  } catch {
    return [];
  }
}
