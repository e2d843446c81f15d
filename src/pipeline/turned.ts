/** `all` from any one of them on: those who share the work in a bucket then begin at different ones. */
export function turned<T>(all: readonly T[]): readonly T[] {
  const first = Math.floor(Math.random() * all.length);
  return [...all.slice(first), ...all.slice(0, first)];
}
