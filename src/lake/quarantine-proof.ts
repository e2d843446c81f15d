import type { Account } from "./account.js";
import { type Fault, unequal } from "./fault.js";
import { quarantinePath } from "./paths.js";
import { readQuarantine } from "./quarantine.js";
import { fileSha256 } from "./sha256.js";
import type { LakeStore } from "./store/lake-store.js";

/**
 * The quarantine file of an account against its name, which is its SHA-256, against the lines that the account says
 * it has, and against those of each member.
 */
export async function wrongQuarantine(
  store: LakeStore,
  account: Pick<Account, "operation" | "quarantine" | "inputs" | "forgottenLines">,
): Promise<Fault[]> {
  const { operation, quarantine, inputs, forgottenLines = 0 } = account;
  if (!quarantine) return [];
  const what = `quarantine file ${quarantine.file}`;
  const faults: Fault[] = [];
  try {
    const sha256 = await fileSha256(quarantinePath(quarantine.file), store);
    if (!quarantine.file.startsWith(sha256.slice(0, 32))) {
      faults.push({ what, found: `SHA-256 ${sha256}`, expected: "the SHA-256 that its name begins with" });
    }
  } catch {
    // Reading it says what is the matter.
  }
  const left = new Map<string, number>();
  for (const input of inputs) {
    for (const member of input.members) {
      const key = placeOf(input.name, member.name);
      left.set(key, (left.get(key) ?? 0) + member.quarantined);
    }
  }
  try {
    let lines = 0;
    for await (const { input, member } of readQuarantine(store, quarantine.file)) {
      lines += 1;
      const key = placeOf(input, member);
      left.set(key, (left.get(key) ?? 0) - 1);
    }
    faults.push(...unequal(what, lines, quarantine.lines, "lines"));
  } catch (error) {
    return [...faults, { what, found: (error as Error).message, expected: `${quarantine.lines} lines` }];
  }
  // A forget takes lines over as they stand; where else lines were forgotten, their number alone is known.
  if (operation === "forget") return faults;
  const wrong = [...left].filter(([, lines]) => lines !== 0);
  const isFewer = wrong.every(([, lines]) => lines > 0);
  if (isFewer && wrong.reduce((sum, [, lines]) => sum + lines, 0) === forgottenLines) return faults;
  return [
    ...faults,
    ...wrong.map(([place, lines]) => ({
      ...{ what: `${what}, ${place}`, expected: "as many lines as its account says" },
      found: `${Math.abs(lines)} ${lines > 0 ? "fewer" : "more"}`,
    })),
  ];
}

const placeOf = (input: string, member: string) => `${input}, member ${member}`;
