import type { Api } from "../../../api.js";
import { FaultNote } from "../../ui/fault-note.js";
import { PageHead } from "../../ui/page-head.js";
import { count, counted, shown } from "../../ui/text.js";
import { useAnswer } from "../../ui/use-answer.js";
import { Calendar } from "./calendar.js";
import { PullPanel } from "./pull-panel.js";
import { Quarantine } from "./quarantine.js";

type Status = Api["status"]["out"];
type Source = Status["sources"][number];

/** The page "The copy": which hours are held, what is missing, and what could not be read. */
export default function Copy() {
  const { data, fault, retry } = useAnswer("status", {}, { fresh: true });
  const note =
    data && `${counted(data.rows, "event")} in ${counted(data.files, "file")}, ${size(data.bytes)}`;
  return (
    <>
      <PageHead title="The copy" note={note} />
      <PullPanel />
      {fault !== undefined && <FaultNote fault={fault} retry={retry} />}
      {data?.sources.map((source) => (
        <Project key={source.id} source={source} />
      ))}
      {data && <Quarantine />}
      {data && <Disk disk={data.disk} />}
    </>
  );
}

function Project({ source }: { source: Source }) {
  const { project, gaps, hours, range, oldestSettling } = source;
  const refused = hours.filter(({ state }) => state === "refused");
  return (
    <section class="copy-section" aria-label={`Project ${project}`}>
      <h2>{shown(project)}</h2>
      <p class="muted">
        {range
          ? `Upload hours from ${hourText(range.from)} to ${hourText(range.to)}, UTC`
          : "No upload hour was brought yet"}
        {oldestSettling &&
          `. The hour ${hourText(oldestSettling.hour)} is final from ${oldestSettling.settledAt.slice(0, 16).replace("T", " ")} UTC`}
      </p>
      {hours.length > 0 && <Calendar source={source} />}
      {gaps.length > 0 && (
        <>
          <h3>Missing</h3>
          <ul class="copy-gaps">
            {gaps.slice(0, 20).map(({ from, to, hours }) => (
              <li key={from}>
                {hourText(from)} to {hourText(to)} <span class="muted">{counted(hours, "hour")}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      {refused.length > 0 && (
        <>
          <h3>Refused</h3>
          <ul class="copy-gaps">
            {refused.slice(0, 20).map(({ hour, reason, wayOut }) => (
              <li key={hour}>
                {hourText(hour)}: {shown(reason ?? "")} <span class="muted">{shown(wayOut ?? "")}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

const PARTS = {
  data: "Events",
  replaced: "Replaced files, until they are removed",
  archives: "Kept archives",
  quarantine: "Quarantine",
  derived: "Promoted properties and profiles",
  log: "Log and accounts",
  staging: "Work in progress",
  free: "Free on the disk",
} as const;

function Disk({ disk }: { disk: Status["disk"] }) {
  return (
    <section class="copy-section" aria-labelledby="copy-disk">
      <h2 id="copy-disk">On the disk</h2>
      <dl class="copy-disk">
        {Object.entries(disk).map(([part, bytes]) => (
          <div key={part}>
            <dt>{PARTS[part as keyof typeof PARTS] ?? part}</dt>
            <dd>{typeof bytes === "number" ? size(bytes) : "–"}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function size(bytes: number): string {
  if (bytes < 1000) return `${count(bytes)} B`;
  const power = Math.min(4, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** power).toFixed(1)} ${["B", "kB", "MB", "GB", "TB"][power]}`;
}

function hourText(hour: string): string {
  return `${hour.slice(0, 10)} ${hour.slice(11, 13)}:00`;
}
