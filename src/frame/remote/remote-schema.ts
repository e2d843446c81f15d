import type { Engine } from "../../engine/engine.js";
import { UPLOAD_DATE } from "../../event.js";
import type { LakeFiles, ProfileStore } from "../event-source.js";
import { PROPERTY_COLUMNS } from "../properties/find.js";
import type { Profile } from "../schema/profile.js";
import { type ProfileOptions, profileEach, profileParts } from "../schema/profile-lake.js";
import type { CountedFile } from "../schema/profile-parts.js";
import { type EventGroups, groupsOf } from "../schema/profile-sql.js";
import type { SchemaOptions } from "../schema/schema-options.js";
import { selectionOf } from "../selection.js";
import type { Statement } from "../statement.js";
import type { Spool } from "./spool.js";

/** What a schema needs of a lake on another engine. */
export interface RemoteProfiling {
  readonly engine: Engine;
  readonly spool: Spool;
  readonly files: LakeFiles;
  /** The table as of `files`, as the engine's FROM has it. */
  readonly table: string;
  /** In a SELECT of that table: the name of the file that a row is in, without its folders. */
  readonly fileName: string;
  readonly store: ProfileStore | undefined;
}

const TIMES = ["event_time", "server_upload_time"] as const;
const USERS = ["event_type", "amplitude_id", "user_id", "device_id"] as const;

/**
 * The profile of a lake's events, of those from `from` to `to` if these are given. The cluster reads the events and groups them;
 * their different JSON objects, and the users of each event type, come to this machine, which profiles them as its own. So the
 * result, and what is kept of it, is the same.
 */
export async function profileRemote(
  lake: RemoteProfiling,
  { from, to, ...options }: SchemaOptions,
): Promise<Profile> {
  const local = await lake.spool.engine();
  if (from !== undefined || to !== undefined) {
    const columns = [...new Set([...TIMES, ...USERS, ...PROPERTY_COLUMNS])];
    const selection = selectionOf({ from, to, columns }, Date.now(), lake.engine.dialect);
    return profileOf(lake, selection.sql(lake.table), options);
  }
  const counted = lake.files.files.map((file): CountedFile => ({ ...file, rows: file.rows ?? 0 }));
  return profileEach(
    local,
    counted,
    lake.store,
    async (some, progress) => {
      const profile = await profileOf(
        lake,
        `SELECT * FROM ${lake.table} WHERE ${within(lake, some)}`,
        options,
      );
      progress(some.reduce((sum, { rows }) => sum + rows, 0));
      return profile;
    },
    options,
  );
}

async function profileOf(lake: RemoteProfiling, events: string, options: ProfileOptions): Promise<Profile> {
  const { engine, spool } = lake;
  const { signal } = options;
  const groups = groupsOf(events, engine.dialect);
  const kept: Statement[] = [];
  const keep = async (sql: string): Promise<string> => {
    const statement = await spool.keep(await engine.stream(sql, undefined, { signal }));
    kept.push(statement);
    return statement.sql;
  };
  try {
    const objects = new Map<string, string>();
    for (const column of PROPERTY_COLUMNS) objects.set(column, await keep(groups.objects(column)));
    const grouped: EventGroups = {
      days: await keep(groups.days),
      users: await keep(`SELECT DISTINCT * FROM (${groups.users}) AS users`),
      objects: (column) => objects.get(column) ?? "",
    };
    return await profileParts(await spool.engine(), [{ groups: grouped, events: 0 }], () => {}, options);
  } finally {
    for (const statement of kept) await spool.drop(statement);
  }
}

/** The condition by which the table has the events of `some` of its files: by their days, and by their names where a day has others. */
function within(
  { engine: { dialect }, files, fileName }: RemoteProfiling,
  some: readonly CountedFile[],
): string {
  const wanted = new Set(some.map(({ path }) => path));
  const dates = new Set(some.map(({ path }) => dateOf(path)));
  const others = files.files.some(({ path }) => dates.has(dateOf(path)) && !wanted.has(path));
  const known = [...dates].flatMap((date) => (date === undefined ? [] : [dialect.literal(date)]));
  const day = dialect.text(UPLOAD_DATE);
  const conditions = [
    ...(dates.has(undefined) ? [`${day} IS NULL`] : []),
    ...(known.length > 0 ? [`${day} IN (${known.join(", ")})`] : []),
  ].join(" OR ");
  if (!others) return conditions;
  const names = some.map(({ path }) => dialect.literal(path.split(/[/\\]/).at(-1) ?? ""));
  return `(${conditions}) AND ${fileName} IN (${names.join(", ")})`;
}

function dateOf(path: string): string | undefined {
  return /[/\\]upload_date=(\d{4}-\d{2}-\d{2})[/\\][^/\\]*$/.exec(path)?.[1];
}
