/** What is to be undone after the test that runs, and after its file. */
const undone = { test: [] as (() => unknown)[], file: [] as (() => unknown)[] };

/** Has `undo` called once the test that runs has ended; what came last is undone first. */
export function afterThisTest(undo: () => unknown): void {
  undone.test.push(undo);
}

/** Has `undo` called once all tests of the file that runs have ended. */
export function afterThisFile(undo: () => unknown): void {
  undone.file.push(undo);
}

/** Undoes what has been noted for the end of a test or of a file. */
export async function undoAll(of: keyof typeof undone): Promise<void> {
  for (const undo of undone[of].splice(0).reverse()) await undo();
}
