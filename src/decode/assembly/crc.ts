// Most of a CRC-32 without a table: a word of 16 bytes may be left out of the message if it is added (exclusive or) to the words
// 145, 183, 211 and 300 places behind it, since x^(128*300) = x^(128*155) + x^(128*117) + x^(128*89) + 1 modulo the polynomial
// of gzip's CRC-32 (RFC 1952). What is left are the last 300 words, and bytes that are no whole word. The idea is that of Chorba
// (Dunn and others 2024, "Chorba: A novel CRC32 implementation").
const WORD: usize = 16;
const FARTHEST: usize = 300 * WORD;
const A: usize = FARTHEST - 145 * WORD;
const B: usize = FARTHEST - 183 * WORD;
const C: usize = FARTHEST - 211 * WORD;
/** So many bytes are taken at a time, which stay in the processor's first cache. */
const ROOM: usize = 1024 * WORD;
/** The words that were left out, the last 300 of those before at the start; then what is left. */
const left: usize = memory.data(26416, 16);

/** How many bytes `shortened` left. */
export let shortenedBytes: usize = 0;

/**
 * Where bytes lie that have the CRC-32 of the `bytes` bytes at `p` after others of the CRC-32 `before`, if they are taken for
 * the first of a message whose register begins with zeros. They must be at least 4,800.
 */
export function shortened(p: usize, bytes: usize, before: u32): usize {
  memory.fill(left, 0, FARTHEST);
  // Of words before the first this one meets the first, and no other.
  store<u32>(left, ~before);
  const end = p + bytes;
  const last = p + ((bytes & ~(WORD - 1)) - FARTHEST);
  while (p < last) {
    const count = min(ROOM, last - p);
    const stop = left + count;
    for (let at = left; at < stop; at += WORD, p += WORD) {
      const near = v128.xor(v128.load(at, A), v128.load(at, B));
      const far = v128.xor(v128.load(at, C), v128.load(at));
      v128.store(at, v128.xor(v128.load(p), v128.xor(near, far)), FARTHEST);
    }
    memory.copy(left, stop, FARTHEST);
  }
  const rest = left + FARTHEST;
  for (let i: usize = 0; i < FARTHEST; i += WORD, p += WORD) {
    let word = v128.xor(v128.load(p), v128.load(left + i));
    if (i < FARTHEST - A) word = v128.xor(word, v128.load(left + i, A));
    if (i < FARTHEST - B) word = v128.xor(word, v128.load(left + i, B));
    if (i < FARTHEST - C) word = v128.xor(word, v128.load(left + i, C));
    v128.store(rest + i, word);
  }
  memory.copy(rest + FARTHEST, p, end - p);
  shortenedBytes = FARTHEST + (end - p);
  return rest;
}

function min(a: usize, b: usize): usize {
  return a < b ? a : b;
}
