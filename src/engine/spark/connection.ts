import { randomUUID } from "node:crypto";
import type { ClientReadableStream, ServiceError } from "@grpc/grpc-js";
import { UsageError } from "../../errors/index.js";
import type { SparkAddress } from "./address.js";
import { INTERRUPT_ONE_OPERATION, PROTOCOL } from "./protocol.js";

type Grpc = typeof import("@grpc/grpc-js");

/** How far a query is. */
export interface SparkProgress {
  readonly tasks: number;
  /** Grows while later stages are planned. */
  readonly of: number;
}

/** A value bound to a query, as the protocol has it. */
export type Literal = Readonly<Record<string, unknown>>;

/** A query with its values. */
export interface SparkQuery {
  readonly sql: string;
  readonly positional?: readonly Literal[];
  readonly named?: Readonly<Record<string, Literal>>;
}

interface Response {
  readonly responseId?: string;
  readonly arrowBatch?: { readonly data?: Uint8Array };
  readonly resultComplete?: object;
  readonly executionProgress?: {
    readonly stages?: readonly { readonly numTasks?: string; readonly numCompletedTasks?: string }[];
  };
}

type Streaming = (request: object) => ClientReadableStream<Response>;
type Unary = (request: object, done: (error: ServiceError | null) => void) => unknown;

interface Client {
  readonly ExecutePlan: Streaming;
  readonly ReattachExecute: Streaming;
  readonly ReleaseExecute: Unary;
  readonly Interrupt: Unary;
  readonly Config: Unary;
  readonly ReleaseSession: Unary;
  close(): void;
}

const CLIENT_TYPE = "ampframe";
/** A stream that breaks is taken up again so often without any answer between. */
const MOST_BREAKS = 4;
const PAUSE_MS = 500;

/** A session on a Spark Connect server. All failures are what gRPC throws. */
export class SparkConnection {
  readonly #client: Client;
  readonly #session: {
    readonly sessionId: string;
    readonly userContext: object;
    readonly clientType: string;
  };

  private constructor(client: Client, { userId }: SparkAddress) {
    this.#client = client;
    const userContext = { userId, userName: userId };
    this.#session = { sessionId: randomUUID(), userContext, clientType: CLIENT_TYPE };
  }

  /** Reaches no server yet. Throws UsageError if the packages are not installed. */
  static async to(address: SparkAddress): Promise<SparkConnection> {
    const { grpc, loader } = await packages();
    const definition = grpc.loadPackageDefinition(
      loader.fromJSON(PROTOCOL, { longs: String, defaults: false, keepCase: true }),
    );
    // What is made from PROTOCOL has these methods; its type says nothing of them.
    const connect = (definition.spark as Record<string, Record<string, new (...args: unknown[]) => unknown>>)
      .connect!;
    const client = new connect.SparkConnectService!(
      `${address.host}:${address.port}`,
      credentialsOf(grpc, address),
      { "grpc.max_receive_message_length": -1, "grpc.keepalive_time_ms": 60_000 },
    );
    return new SparkConnection(client as Client, address);
  }

  /** Sets configuration of the session; what the server does not know is left out. */
  async configure(settings: Readonly<Record<string, string>>): Promise<void> {
    const pairs = Object.entries(settings).map(([key, value]) => ({ key, value }));
    await this.#ask(this.#client.Config, { operation: { set: { pairs, silent: true } } });
  }

  /**
   * Runs a query and gives its rows as Arrow streams, at least one, as they come. A stream that breaks, or that the server ends
   * before the result does, is taken up again where it was. Leaving the loop ends the query; so does `signal`, and the loop then
   * throws.
   */
  async *execute(
    query: SparkQuery,
    signal: AbortSignal | undefined,
    onProgress: ((progress: SparkProgress) => void) | undefined,
  ): AsyncGenerator<Uint8Array> {
    const operationId = randomUUID();
    const own = { ...this.#session, operationId };
    let stream = this.#client.ExecutePlan({
      ...own,
      plan: { root: { sql: sqlOf(query) } },
      requestOptions: [{ reattachOptions: { reattachable: true } }],
    });
    const interrupt = () => {
      this.#ask(this.#client.Interrupt, { operationId, interruptType: INTERRUPT_ONE_OPERATION }).catch(
        () => {},
      );
      stream.cancel();
    };
    signal?.addEventListener("abort", interrupt, { once: true });
    let [lastResponseId, breaks, complete]: [string | undefined, number, boolean] = [undefined, 0, false];
    try {
      while (!complete) {
        try {
          for await (const response of stream as AsyncIterable<Response>) {
            [lastResponseId, breaks] = [response.responseId ?? lastResponseId, 0];
            if (response.executionProgress !== undefined) onProgress?.(progressOf(response));
            if (response.arrowBatch?.data !== undefined) yield response.arrowBatch.data;
            if (response.resultComplete !== undefined) complete = true;
          }
        } catch (error) {
          if (signal?.aborted || !isBroken(error) || lastResponseId === undefined || ++breaks > MOST_BREAKS)
            throw error;
          await new Promise((resume) => setTimeout(resume, PAUSE_MS * breaks));
        }
        if (signal?.aborted) throw signal.reason;
        if (!complete) stream = this.#client.ReattachExecute({ ...own, lastResponseId });
      }
    } finally {
      signal?.removeEventListener("abort", interrupt);
      if (!complete) stream.cancel();
      await this.#ask(this.#client.ReleaseExecute, { operationId, releaseAll: {} }).catch(() => {});
    }
  }

  /** Ends the session, and with it all that it runs. */
  close(): void {
    this.#ask(this.#client.ReleaseSession, {})
      .catch(() => {})
      .finally(() => this.#client.close());
  }

  #ask(method: Unary, request: object): Promise<void> {
    return new Promise((done, fail) => {
      method.call(this.#client, { ...this.#session, ...request }, (error) => (error ? fail(error) : done()));
    });
  }
}

async function packages() {
  try {
    const [grpc, loader] = await Promise.all([import("@grpc/grpc-js"), import("@grpc/proto-loader")]);
    return { grpc, loader };
  } catch (cause) {
    throw new UsageError(
      "The packages that reach a Spark server are not installed, or cannot be loaded.",
      "Run: npm install @grpc/grpc-js @grpc/proto-loader @uwdata/flechette@2.6.0",
      { cause },
    );
  }
}

function credentialsOf(grpc: Grpc, { tls, token, headers }: SparkAddress) {
  const all = Object.entries({
    ...headers,
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  });
  if (!tls) {
    if (all.length === 0) return grpc.credentials.createInsecure();
    throw new UsageError(
      "A token or header for the Spark server would be sent without TLS.",
      "Leave use_ssl out, or give no token.",
    );
  }
  const sent = grpc.credentials.createFromMetadataGenerator((_, done) => {
    const metadata = new grpc.Metadata();
    for (const [name, value] of all) metadata.set(name, value);
    done(null, metadata);
  });
  return grpc.credentials.combineChannelCredentials(grpc.credentials.createSsl(), sent);
}

function sqlOf({ sql, positional = [], named = {} }: SparkQuery): object {
  const expressions = Object.entries(named).map(([name, literal]) => [name, { literal }]);
  return {
    query: sql,
    posArguments: positional.map((literal) => ({ literal })),
    namedArguments: Object.fromEntries(expressions),
  };
}

function progressOf({ executionProgress }: Response): SparkProgress {
  const stages = executionProgress?.stages ?? [];
  const sum = (numbers: readonly (string | undefined)[]): number =>
    numbers.reduce((all, one) => all + Number(one ?? 0), 0);
  return {
    tasks: sum(stages.map(({ numCompletedTasks }) => numCompletedTasks)),
    of: sum(stages.map(({ numTasks }) => numTasks)),
  };
}

/** True if the connection failed, and not the query: `UNAVAILABLE`, or a stream that was cut (`INTERNAL` of HTTP/2). */
function isBroken(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  return error.code === 14 || (error.code === 13 && /RST_STREAM/.test(error.message));
}
