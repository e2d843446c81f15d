/**
 * `all` in a random order, so that those who share the work in a bucket take different pieces. In one order they would, once one has
 * reached what another is at, go on in step and do the same twice.
 */
export function shuffled<T>(all: readonly T[]): T[] {
  const keyed = all.map((each) => ({ each, key: Math.random() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ each }) => each);
}
