import { Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { printable } from "../printable.js";

/** A stream to a terminal in which nothing from the data can steer it. */
export function printableStream(terminal: Writable): Writable {
  const decoder = new StringDecoder("utf8");
  return new Writable({
    write(chunk: Buffer, _, done) {
      const text = printable(decoder.write(chunk));
      if (terminal.write(text)) done();
      else terminal.once("drain", done);
    },
  });
}
