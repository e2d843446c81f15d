import { parentPort } from "node:worker_threads";
import { ArchiveError, isAmpframeError } from "../errors/index.js";
import type { DecodeAnswer, DecodeRequest, ThreadMessage, ThreadReply } from "./decode-messages.js";
import { MemberDecoder } from "./member-decoder.js";
import type { RejectedLineOf } from "./rejected-lines.js";

// A thread that decodes: see decode-lanes.ts for the other end.
const port = parentPort!;
/** Rejected lines are told when there are so many bytes of them, and before each answer. */
const REJECTED_BYTES = 2 ** 20;
let rejected: RejectedLineOf[] = [];
let rejectedBytes = 0;
let decoder: Promise<MemberDecoder>;
let work: Promise<void> = Promise.resolve();
let placed: (folder: string) => void;
const folder = new Promise<string>((resolve) => {
  placed = resolve;
});

port.on("message", (message: ThreadMessage) => {
  if (message.kind === "start") {
    decoder = MemberDecoder.create(message.setting, folder, reject);
    decoder.catch(() => {});
  } else if (message.kind === "folder") {
    placed(message.folder);
  } else {
    work = work.then(() => handle(message)).then((answer) => tell({ kind: "done", answer }), fail);
  }
});

async function handle(request: DecodeRequest): Promise<DecodeAnswer> {
  const here = await decoder;
  try {
    return await here.answer(request);
  } finally {
    tellRejected();
  }
}

function reject(line: RejectedLineOf): void {
  rejected.push(line);
  rejectedBytes += line.raw.length;
  if (rejectedBytes > REJECTED_BYTES) tellRejected();
}

function tellRejected(): void {
  if (rejected.length > 0) tell({ kind: "rejected", lines: rejected });
  rejected = [];
  rejectedBytes = 0;
}

function fail(thrown: unknown): void {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const name = thrown instanceof Error ? thrown.name : "Error";
  const wayOut = isAmpframeError(thrown) ? thrown.wayOut : null;
  const limit = thrown instanceof ArchiveError ? thrown.limit : undefined;
  tell({ kind: "failed", name, message, wayOut, limit });
}

function tell(reply: ThreadReply): void {
  port.postMessage(reply);
}
