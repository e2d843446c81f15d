import type { Lake, Schema, SchemaProgress } from "../../index.js";

/** How long one question waits for the schema before it tells how far it is. */
const WAIT_MS = 800;
/** How long it may take where all profiles are kept in the lake. */
const KEPT_MS = 400;

/** What a question gets: the schema, or how far it is. */
export interface SchemaSoFar {
  readonly schema: Schema | null;
  readonly progress: SchemaProgress | null;
}

/** Reads the schema of the newest version once, while questions come and go. */
export class SchemaJob {
  readonly #lake: Lake;
  #version: number | undefined;
  #reading: Promise<Schema> | undefined;
  #read: Schema | undefined;
  #progress: SchemaProgress | null = null;
  #isKept = true;

  constructor(lake: Lake) {
    this.#lake = lake;
  }

  /** The schema, if it is read within a moment. What remains goes on. Throws QueryError. */
  async soon(): Promise<SchemaSoFar> {
    await this.#forgetOld();
    this.#reading ??= this.#start(undefined);
    const schema = await withinMoment(this.#reading, WAIT_MS);
    return { schema: schema ?? null, progress: schema === undefined ? this.#progress : null };
  }

  /** The schema, if it is known already, here or in the lake's kept profiles. */
  async known(): Promise<Schema | undefined> {
    await this.#forgetOld();
    if (this.#read !== undefined || !this.#isKept || this.#reading !== undefined) return this.#read;
    const found = await this.#start(AbortSignal.timeout(KEPT_MS)).catch(() => undefined);
    this.#isKept = found !== undefined;
    return found;
  }

  async #forgetOld(): Promise<void> {
    const { version } = await this.#lake.extent();
    if (version === this.#version) return;
    this.#version = version;
    this.#reading = undefined;
    this.#read = undefined;
    this.#progress = null;
    this.#isKept = true;
  }

  async #start(signal: AbortSignal | undefined): Promise<Schema> {
    const version = this.#version;
    const onProgress = (progress: SchemaProgress): void => {
      if (version === this.#version) this.#progress = progress;
    };
    const reading = this.#lake.schema({ signal, onProgress });
    reading.then(
      (schema) => {
        if (version === this.#version) this.#read = schema;
      },
      () => {
        // The next question tries anew.
        if (version === this.#version) this.#reading = undefined;
      },
    );
    return reading;
  }
}

async function withinMoment<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const moment = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([promise, moment]);
  } finally {
    clearTimeout(timer);
  }
}
