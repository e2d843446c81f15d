/** The one of `names` that is spelt most like `name`, or undefined if none is near. Case counts little. */
export function nearestName(name: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of names) {
    const distance = editDistance(plain(name), plain(candidate));
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return (
    best ?? names.find((candidate) => name.length > 2 && words(candidate).includes(` ${words(name).trim()}`))
  );
}

/** Each word, of `fullPrice` as of `full_price`, in lower case after a blank. */
function words(name: string): string {
  const parted = name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return ` ${parted
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
    .join(" ")}`;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/** Levenshtein's distance: how many letters must be put in, taken out or changed. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
