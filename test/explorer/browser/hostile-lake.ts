import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load } from "../../../src/index.js";

/** Texts that would be more than texts where a page forgets what they are. */
export const HOSTILE: readonly string[] = [
  '<img src=x onerror="globalThis.harmed=1">',
  "<script>globalThis.harmed=2</script>",
  '"><svg/onload=globalThis.harmed=3>',
  "</title></style></textarea><iframe srcdoc='<p>in</p>'>",
  "javascript:globalThis.harmed=4",
  "photo\u202egnp.exe",
  "two\nlines\tand\u0007\u001b[31m",
  `long ${"W".repeat(3000)}`,
  "null",
  "__proto__",
  '=HYPERLINK("http://example.com/?"&A1)',
  "'); DROP TABLE events; --",
  "../../etc/passwd%00",
  "\u{1f469}\u200d\u{1f469}\u200d\u{1f467} \u0627\u0644\u0639\u0631\u0628\u064a\u0629",
  " ",
];

/** Every event has one of them in every place that a sender of events can fill. */
export async function hostileLake() {
  const folder = mkdtempSync(join(tmpdir(), "ampframe-hostile-"));
  const event = (i: number) => {
    const text = HOSTILE[i % HOSTILE.length] ?? "";
    const time = `2026-11-2${i % 5} 1${i % 3}:00:0${i % 10}.000000`;
    return JSON.stringify({
      app: 1,
      uuid: `00000000-0000-4000-8000-${String(i).padStart(12, "0")}`,
      amplitude_id: 100 + (i % 45),
      user_id: text,
      device_id: text,
      session_id: i % 4 === 0 ? -1 : 1_760_000_000_000 + (i % 45),
      event_id: i,
      event_type: i % 2 === 0 ? text : (HOSTILE[(i + 1) % HOSTILE.length] ?? ""),
      event_time: time,
      server_upload_time: time,
      ...{
        platform: text,
        country: text,
        city: text,
        version_name: text,
        os_name: text,
        device_family: text,
      },
      event_properties: { [text]: text, list: [text, { [text]: text }], n: i },
      user_properties: { [text]: text, turn: i },
      groups: { [text]: [text] },
    });
  };
  const lines = [...Array.from({ length: 450 }, (_, i) => event(i)), `{"event_type": ${HOSTILE[0]}\u202e`];
  const file = join(folder, "1_2026-11-20_10#0.json");
  writeFileSync(file, `${lines.join("\n")}\n`);
  // A lake's folder can be called anything, too.
  const dir = join(folder, "<b>lake</b> \u202e'x");
  await load({ lake: dir, paths: [file] });
  return { dir, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
