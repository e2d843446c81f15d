import { parseFault, pull, startEmulator, status, verify } from "ampframe";

const emulator = await startEmulator({
  days: 3,
  eventsPerDay: 1_000,
  faults: [parseFault("cut:at=middle"), parseFault("503:retry-after=0,times=2")],
});
const { apiKey, secretKey, url: endpoint } = emulator;
const lake = "./proven";
const report = await pull({ lake, credentials: { apiKey, secretKey }, endpoint, last: "2d" });
await emulator.close();

const { lines, loaded, quarantined, blank, duplicates } = report;
console.log(`${lines} lines = ${loaded} loaded + ${quarantined} quarantined + ${blank} blank`);
const { sources, rows } = await status({ lake });
console.log(`${rows} rows = ${loaded} loaded − ${duplicates} duplicates`, sources[0]?.counts);
const { ok, faults } = await verify({ lake });
console.log(ok ? "The lake is as its accounts say." : faults);
