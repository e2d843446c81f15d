import { loadEvents, startEmulator } from "ampframe";

// With a project of your own: no emulator, no endpoint, and the keys in AMPLITUDE_API_KEY and AMPLITUDE_SECRET_KEY.
const emulator = await startEmulator({ days: 8, eventsPerDay: 2_000 });
const { apiKey, secretKey, url: endpoint } = emulator;

const df = await loadEvents({
  last: "7d",
  lake: "./week",
  credentials: { apiKey, secretKey },
  endpoint,
  columns: ["event_time", "event_type", "platform", "country"],
});
console.log(df);
console.log(await df.valueCounts("event_type"));

await emulator.close();
