import { appendFileSync, createReadStream, rmSync } from "node:fs";
import { createInterface } from "node:readline";

/** A line that was rejected, and where it stood. */
export interface RejectedLineOf {
  readonly input: string;
  readonly member: string;
  readonly line: number;
  readonly offset: number;
  readonly reason: string;
  readonly raw: Buffer;
}

const MEMORY_BYTES = 8 * 2 ** 20;

/** The rejected lines of a batch, in order; beyond 8 MiB they wait in the file `path`. */
export class RejectedLines implements AsyncIterable<RejectedLineOf> {
  private held: RejectedLineOf[] = [];
  private heldBytes = 0;
  private spilled = false;
  private transform = (lines: AsyncIterable<RejectedLineOf>): AsyncIterable<RejectedLineOf> => lines;
  count = 0;

  constructor(private readonly path: string) {}

  add(line: RejectedLineOf): void {
    this.held.push(line);
    this.heldBytes += line.raw.length + 256;
    this.count += 1;
    if (this.heldBytes > MEMORY_BYTES) this.spill();
  }

  private spill(): void {
    const text = this.held.map(({ raw, ...where }) =>
      JSON.stringify({ ...where, raw: raw.toString("base64") }),
    );
    appendFileSync(this.path, `${text.join("\n")}\n`);
    this.held = [];
    this.heldBytes = 0;
    this.spilled = true;
  }

  /** Has `transform` stand between the lines and whoever reads them from now on. */
  through(transform: (lines: AsyncIterable<RejectedLineOf>) => AsyncIterable<RejectedLineOf>): void {
    this.transform = transform;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<RejectedLineOf> {
    yield* this.transform(this.asTheyCame());
  }

  private async *asTheyCame(): AsyncGenerator<RejectedLineOf> {
    if (this.spilled) {
      for await (const text of createInterface({ input: createReadStream(this.path) })) {
        const { raw, ...where } = JSON.parse(text);
        yield { ...where, raw: Buffer.from(raw, "base64") };
      }
    }
    yield* this.held;
  }

  clear(): void {
    this.held = [];
    rmSync(this.path, { force: true });
  }
}
