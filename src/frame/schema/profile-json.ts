import { createHash } from "node:crypto";
import { isJsonColumn } from "../event-row.js";
import type { EventProfile, KindProfile, Profile, PropertyProfile } from "./profile.js";
import { BUCKETS, type CountedValue, type Sketch, USER_BUCKETS } from "./sketch.js";

/** Changes whenever profiles are made in another way: those of other formats are made anew. */
const FORMAT = 3;

/** A profile and the files that it is of. */
export interface KeptProfile {
  /** Paths inside the lake. */
  readonly files: readonly string[];
  readonly profile: Profile;
}

/** As text; `engine` names the version whose hashes are in it. */
export function profileText({ files, profile }: KeptProfile, engine: string): string {
  const { uploaded, events, properties } = profile;
  return sealed({
    ...{ format: FORMAT, engine, files, uploaded },
    events: events.map((event) => ({ ...event, users: packed(event.users) })),
    properties: properties.map((property) => ({
      ...property,
      kinds: Object.fromEntries(
        Object.entries(property.kinds).map(([kind, of]) => [kind, { ...of, values: sketchJson(of.values) }]),
      ),
    })),
  });
}

type Json<T, K extends keyof T, As> = Omit<T, K> & { readonly [P in K]: As };
type SketchJson =
  | { readonly exact: readonly (readonly [number, number, string])[] }
  | { readonly least: string; readonly examples: readonly string[] };
type KindJson = Json<KindProfile, "values", SketchJson>;
interface ProfileJson {
  /** SHA-256, as hex, of the same JSON without it: types of columns are taken from profiles, so damage must be seen. */
  readonly sha256?: string;
  readonly format: number;
  readonly engine: string;
  readonly files: readonly string[];
  readonly uploaded: Profile["uploaded"];
  readonly events: readonly Json<EventProfile, "users", string>[];
  readonly properties: readonly Json<PropertyProfile, "kinds", Readonly<Record<string, KindJson>>>[];
}

/** What `profileText` wrote; undefined if it cannot be used: another format, another engine, damage. */
export function parseProfile(text: string, engine: string): KeptProfile | undefined {
  try {
    const { sha256, ...kept }: ProfileJson = JSON.parse(text);
    if (kept.format !== FORMAT || kept.engine !== engine || sha256 !== sha256Of(kept)) return undefined;
    const events = kept.events.map((event) => ({ ...event, users: unpacked(event.users, USER_BUCKETS) }));
    const properties = kept.properties.map((property): PropertyProfile => {
      if (!isJsonColumn(property.column)) throw new RangeError("no such column");
      const kinds = Object.entries(property.kinds).map(([kind, of]) => [
        kind,
        { ...of, values: sketchFrom(of.values) },
      ]);
      return { ...property, kinds: Object.fromEntries(kinds) };
    });
    return { files: kept.files, profile: { uploaded: kept.uploaded, events, properties } };
  } catch {
    return undefined;
  }
}

function sealed(kept: object): string {
  return JSON.stringify({ sha256: sha256Of(kept), ...kept });
}

function sha256Of(kept: object): string {
  return createHash("sha256").update(JSON.stringify(kept)).digest("hex");
}

function sketchJson(sketch: Sketch): SketchJson {
  return sketch.kind === "exact"
    ? { exact: sketch.values.map(({ id, count, text }) => [id, count, text] as const) }
    : { least: packed(sketch.least), examples: sketch.examples };
}

function sketchFrom(json: SketchJson): Sketch {
  if ("least" in json)
    return { kind: "estimate", least: unpacked(json.least, BUCKETS), examples: json.examples };
  const values = json.exact.map(([id, count, text]): CountedValue => ({ id, count, text }));
  return { kind: "exact", values };
}

/** Little-endian, as base64. */
function packed(least: Uint32Array): string {
  const view = Buffer.alloc(least.length * 4);
  least.forEach((value, i) => {
    view.writeUInt32LE(value, i * 4);
  });
  return view.toString("base64");
}

function unpacked(text: string, buckets: number): Uint32Array {
  const view = Buffer.from(text, "base64");
  if (view.length !== buckets * 4) throw new RangeError("a sketch of another size");
  return Uint32Array.from({ length: buckets }, (_, i) => view.readUInt32LE(i * 4));
}
