import { parentPort } from "node:worker_threads";
import { ArchiveError } from "../errors/index.js";
import { type ByteDecoder, decoderHere } from "./byte-decoder.js";
import type { DecodeReply, DecodeRequest } from "./decode-messages.js";
import type { RejectedLineOf } from "./rejected-lines.js";

// The thread that decodes: see threaded-decoder.ts for the other end.
const port = parentPort!;
let decoder: ByteDecoder;
let failed = false;
let rejected: RejectedLineOf[] = [];
let taken: (() => void) | undefined;
let work: Promise<void> = Promise.resolve();

port.on("message", (request: DecodeRequest) => {
  if (request.kind === "taken") taken?.();
  else work = work.then(() => handle(request)).catch(fail);
});

async function handle(request: Exclude<DecodeRequest, { kind: "taken" }>): Promise<void> {
  if (request.kind === "start") {
    const onSpool = (spool: Extract<DecodeReply, { kind: "spool" }>["spool"]) =>
      new Promise<void>((resolve) => {
        taken = resolve;
        tell({ kind: "spool", spool });
      });
    decoder = await decoderHere(request.folder, { onSpool, onRejected: (line) => rejected.push(line) });
  } else if (request.kind === "bytes") {
    await decode(request.buffer, request.bytes).finally(() => giveBack(request.buffer));
  } else if (request.kind === "drop") {
    failed = false;
    rejected = [];
    await decoder.drop();
    tell({ kind: "done" });
  } else if (!failed) {
    await tellOf(request);
  }
}

async function tellOf(
  request: Extract<DecodeRequest, { kind: "member" | "endMember" | "seal" }>,
): Promise<void> {
  if (request.kind === "member") {
    decoder.startMember(request.input, request.member);
  } else if (request.kind === "endMember") {
    const counts = await decoder.endMember();
    tellRejected();
    tell({ kind: "counts", counts });
  } else {
    await decoder.seal();
    tell({ kind: "done" });
  }
}

async function decode(buffer: ArrayBuffer, bytes: number): Promise<void> {
  for (let done = 0; done < bytes && !failed; ) {
    const target = decoder.target();
    const piece = new Uint8Array(buffer, done, Math.min(bytes - done, target.length));
    target.set(piece);
    done += piece.length;
    await decoder.push(piece.length);
  }
  tellRejected();
}

function tellRejected(): void {
  if (rejected.length > 0) tell({ kind: "rejected", lines: rejected });
  rejected = [];
}

function giveBack(buffer: ArrayBuffer): void {
  port.postMessage({ kind: "free", buffer } satisfies DecodeReply, [buffer]);
}

function fail(thrown: unknown): void {
  if (failed) return;
  failed = true;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  tell({ kind: "failed", message, wayOut: thrown instanceof ArchiveError ? thrown.wayOut : null });
}

function tell(reply: DecodeReply): void {
  port.postMessage(reply);
}
