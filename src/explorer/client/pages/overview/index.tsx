import { useMemo, useState } from "preact/hooks";
import { changeSelection, select } from "../../state/selection.js";
import { FaultNote } from "../../ui/fault-note.js";
import { Icon } from "../../ui/icon.js";
import { PropertyPicker } from "../../ui/pick/property-picker.js";
import { Popover } from "../../ui/popover.js";
import { count, shown } from "../../ui/text.js";
import { isoText } from "../../ui/time/range.js";
import { noPicks, sumsOf } from "./cube.js";
import { picksOf, withValues } from "./split.js";
import { type StepRange, TimeBars } from "./time-bars.js";
import { useOverview, zoomText } from "./use-overview.js";
import { useUsers } from "./use-users.js";
import { ValueList } from "./value-list.js";

const TITLES: Readonly<Record<string, string>> = {
  event_type: "Event types",
  platform: "Platforms",
  country: "Countries",
  version_name: "Versions",
};

/** What happens: events and users over time and by what they are; what is picked in one chart filters all others. */
export default function Overview() {
  const { selection, by, setBy, zoom, setZoom, dimensions, step, split, answer, isEmpty } = useOverview();
  const { cube, loading, complete, fault, retry } = answer;
  const [brush, setBrush] = useState<{ range: StepRange | undefined }>();
  const [from, to] = zoom === "" ? [] : zoom.split("..");
  const users = useUsers(selection, dimensions, step, zoom === "" ? {} : { from, to }, complete);
  const all = useMemo(() => cube && sumsOf(cube, noPicks(cube)), [cube]);
  const picks = useMemo(() => cube && picksOf(split, cube, step), [split, cube, step]);
  const shownPicks = picks && brush ? { ...picks, time: brush.range } : picks;
  const sums = useMemo(() => cube && shownPicks && sumsOf(cube, shownPicks), [cube, shownPicks]);
  if (isEmpty) return <Empty />;
  if (fault !== undefined) return <FaultNote fault={fault} retry={retry} />;
  if (!cube || !all || !sums || !shownPicks) return <Waiting />;
  const pick = (range: StepRange | undefined) => {
    setBrush(undefined);
    const at = (i: number) => isoText(cube.start + i * step * 1000);
    changeSelection({ from: range && at(range.from), to: range && at(range.to) });
  };
  const total = brush || !users.total ? undefined : (users.total.get(null) ?? 0);
  const time = { start: cube.start, step, steps: cube.steps, picked: shownPicks.time, onPick: pick };
  const onBrush = (range: StepRange | undefined) => setBrush(range && { range });
  const userBars = users.time;
  return (
    <div class={`overview ${loading ? "loading" : ""}`} aria-busy={loading}>
      <header class="overview-head">
        <h1>Overview</h1>
        <p class="figure">
          <strong data-figure="events">{count(sums.total)}</strong> events
        </p>
        <p class="figure">
          <strong data-figure="users">{total === undefined ? "…" : count(total)}</strong> users
        </p>
        <p class="figure">
          <strong>{perUser(sums.total, total)}</strong> events per user
        </p>
        <span class="page-actions">
          {split.time && (
            <button
              type="button"
              class="button"
              onClick={() => split.time && setZoom(zoomText(split.time), { push: true })}
            >
              Zoom in
            </button>
          )}
          {split.time && (
            <button type="button" class="button" onClick={() => pick(undefined)}>
              All time
            </button>
          )}
          {zoom !== "" && (
            <button type="button" class="button" onClick={() => setZoom("", { push: true })}>
              Zoom out
            </button>
          )}
        </span>
      </header>
      <section class="panel">
        <h2>Events by {stepName(step)}</h2>
        <TimeBars
          {...time}
          label="Events"
          unit="event"
          values={sums.time}
          all={all.time}
          height={190}
          onBrush={onBrush}
        />
      </section>
      <section class="panel">
        <h2>
          Users by {stepName(step)} {!userBars && <span class="muted">being counted…</span>}
        </h2>
        <TimeBars
          {...time}
          label="Users"
          unit="user"
          values={Array.from(
            { length: cube.steps },
            (_, i) => userBars?.get(cube.start + i * step * 1000) ?? 0,
          )}
          waiting={!userBars}
          height={130}
          onBrush={onBrush}
        />
      </section>
      <div class="panels">
        {cube.dimensions.map(({ property, values }, i) => (
          <section key={property} class="panel">
            <div class="panel-head">
              <h2>{TITLES[property] ?? shown(property)}</h2>
              {property === by && <OtherProperty onPick={(next) => setBy(next, { push: true })} />}
            </div>
            <ValueList
              property={property}
              values={values}
              events={sums.values[i] ?? []}
              all={all.values[i] ?? []}
              users={brush ? undefined : users[property]}
              picked={shownPicks.values[i]}
              onPick={(next) => select(withValues(selection, property, next))}
            />
          </section>
        ))}
        {!cube.dimensions.some(({ property }) => property === by) && (
          <section class="panel">
            <div class="panel-head">
              <h2>{shown(by)}</h2>
              <OtherProperty onPick={(next) => setBy(next, { push: true })} />
            </div>
            <p class="overview-waiting muted">
              <span class="spinner" aria-hidden="true" /> Counting…
            </p>
          </section>
        )}
      </div>
    </div>
  );
}

function OtherProperty({ onPick }: { onPick: (property: string) => void }) {
  return (
    <Popover
      class="button quiet"
      label="Another property"
      button={
        <>
          Another property
          <Icon name="down" />
        </>
      }
    >
      {(close) => (
        <PropertyPicker
          onPick={(property) => {
            close();
            onPick(property);
          }}
        />
      )}
    </Popover>
  );
}

function stepName(seconds: number): string {
  const names: Readonly<Record<number, string>> = {
    900: "quarter of an hour",
    3600: "hour",
    21600: "six hours",
    86400: "day",
    604800: "week",
  };
  return names[seconds] ?? `${Math.round(seconds / 86400)} days`;
}

/** Nothing as long as users are counted, or if there are none. */
function perUser(events: number, users: number | undefined): string {
  if (users === undefined) return "…";
  return users === 0 ? "–" : (events / users).toFixed(1);
}

function Waiting() {
  return (
    <div class="overview" aria-busy="true">
      <h1>Overview</h1>
      <p class="overview-waiting muted">
        <span class="spinner" aria-hidden="true" /> Counting…
      </p>
    </div>
  );
}

function Empty() {
  return (
    <>
      <h1>Overview</h1>
      <p class="muted">This lake has no events yet. Bring some with `ampframe pull` or `ampframe load`.</p>
    </>
  );
}
