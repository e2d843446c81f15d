import { type FileHandle, open } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { ArrivingZip, type Input, type Member, SHARES_DESCRIPTORS } from "../archive/index.js";
import type { BodyWatcher } from "../export-api/save-body.js";
import { Slots } from "../slots.js";
import type { Batch } from "./batch.js";
import type { Ingest } from "./ingest.js";
import type { InputDecoding } from "./input-decoding.js";

/** An archive that is whole waits so long for one that is still coming. */
const PATIENCE_MS = 3_000;

/** Whose turn it is to fill the batch. */
export class FillingTurn {
  readonly slot = new Slots(1);
  holder: Arrival | undefined;

  constructor(readonly patienceMs = PATIENCE_MS) {}
}

/** What has come of a body so far. */
interface Coming {
  readonly path: string;
  readonly zip: ArrivingZip;
  readonly file: FileHandle;
  /** Members that are whole: those that wait for the turn, and those that were given to the decoders. */
  readonly waiting: Member[];
  readonly given: Member[];
  decoding: InputDecoding | undefined;
}

/**
 * An archive whose members are decoded while it comes, from when it has the turn to fill the batch. What comes of that is
 * dropped unless the archive, whole and with a verified directory, has the very same members.
 */
export class Arrival {
  private coming: Coming | undefined;
  private hasTurn = false;
  private isWhole = false;
  private leaving: Promise<void> | undefined;

  /** `name` is the archive's in its account. */
  constructor(
    private readonly ingest: Ingest,
    private readonly turn: FillingTurn,
    private readonly name: string,
  ) {}

  /** For a download to call as it begins with a body. */
  readonly watch = async (path: string): Promise<BodyWatcher> => {
    // A thread that has to open the file by itself may come while it gets its name.
    const file = SHARES_DESCRIPTORS ? await open(path, "r").catch(() => undefined) : undefined;
    if (!file) return { written: () => {}, failed: async () => {} };
    const coming = { file, zip: new ArrivingZip(), waiting: [], given: [], decoding: undefined };
    this.coming = { ...coming, path: path.replace(/\.part$/, "") };
    return { written: (bytes) => this.written(bytes), failed: () => this.end() };
  };

  /** Waits for the turn, if it does not have it yet, and keeps it; what is still coming gives way after a while. */
  async takeTurn(): Promise<void> {
    this.isWhole = true;
    await this.leaving;
    if (this.hasTurn) return;
    const impatient = setTimeout(() => this.turn.holder?.giveWay(), this.turn.patienceMs);
    await this.turn.slot.take();
    clearTimeout(impatient);
    this.begin();
  }

  /**
   * Decodes the rest of the archive, now that it is whole, and seals its batch; to be called in its turn, which ends no sooner: a
   * row that is decoded must be known to those of the next batch. Throws ArchiveError if it is damaged; nothing is left of it then.
   */
  async complete(input: Input, sha256: string): Promise<Batch> {
    const given = this.coming?.given ?? [];
    if (!isDeepStrictEqual(given, input.members.slice(0, given.length))) await this.drop();
    const { coming } = this;
    this.coming = undefined;
    const decoding = coming?.decoding ?? this.ingest.begin(this.name);
    const decoded = decoding.complete(input, sha256);
    decoded.catch(() => {});
    const batch = await this.ingest.seal();
    try {
      await decoded;
      return batch;
    } catch (error) {
      await batch.discard();
      throw error;
    } finally {
      await coming?.file.close();
    }
  }

  /** Drops what has come of a body that will not be completed, and gives the turn back. */
  async end(): Promise<void> {
    await this.leaving;
    await this.drop();
    if (!this.hasTurn) return;
    this.hasTurn = false;
    this.turn.holder = undefined;
    this.turn.slot.release();
  }

  private begin(): void {
    this.hasTurn = true;
    this.turn.holder = this;
  }

  /** Lets another go first, if the archive is still coming; it is then decoded when it is whole. */
  private giveWay(): void {
    if (this.coming && !this.isWhole) this.leaving = this.end();
  }

  private written(bytes: Uint8Array): void {
    const { coming } = this;
    if (!coming) return;
    const { path, zip, file, waiting, given } = coming;
    waiting.push(...zip.take(bytes));
    if (waiting.length === 0) return;
    if (!this.hasTurn) {
      if (!this.turn.slot.tryTake()) return;
      this.begin();
    }
    coming.decoding ??= this.ingest.begin(this.name);
    for (const member of waiting.splice(0)) {
      coming.decoding.add({ path, format: "zip", fd: file.fd }, member);
      given.push(member);
    }
  }

  private async drop(): Promise<void> {
    const { coming } = this;
    this.coming = undefined;
    if (!coming) return;
    if (coming.decoding) {
      coming.decoding.giveUp();
      const batch = await this.ingest.seal();
      await coming.decoding.done().catch(() => {});
      await batch.discard();
    }
    await coming.file.close();
  }
}
