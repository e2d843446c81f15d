import { parentPort } from "node:worker_threads";
import { isAmpframeError } from "../errors/index.js";
import type { DecodeReply, DecodeRequest } from "./decode-messages.js";
import { type DecodeEvents, decoderHere, type InputDecoder } from "./input-decoder.js";

// The thread that decodes: see threaded-decoder.ts for the other end.
const port = parentPort!;
const tell = (reply: DecodeReply) => port.postMessage(reply);
const cancelling = new AbortController();
let taken: (() => void) | undefined;

let decoder: Promise<InputDecoder> | undefined;
const events: DecodeEvents = {
  onSpool: (spool) =>
    new Promise((resolve) => {
      taken = resolve;
      tell({ kind: "spool", spool });
    }),
  onRejected: (line) => tell({ kind: "rejected", line }),
  onMember: (input, archiveBytes, events) => tell({ kind: "member", input, archiveBytes, events }),
};

port.on("message", (request: DecodeRequest) => {
  if (request.kind === "start") decoder = decoderHere(request.folder, events, cancelling.signal);
  else if (request.kind === "taken") taken?.();
  else if (request.kind === "cancel") cancelling.abort();
  else void answer(request);
});

async function answer(request: Extract<DecodeRequest, { kind: "decode" | "seal" | "drop" }>): Promise<void> {
  try {
    const here = await decoder!;
    if (request.kind === "decode") {
      tell({ kind: "done", members: await here.decode(request.path, request.name) });
    } else {
      await (request.kind === "seal" ? here.seal() : here.drop());
      tell({ kind: "done", members: [] });
    }
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    const wayOut = isAmpframeError(error) ? error.wayOut : null;
    tell({ kind: "failed", name: error.name, message: error.message, wayOut, stack: error.stack ?? null });
  }
}
