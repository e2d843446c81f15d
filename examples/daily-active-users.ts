import { openLake, pull, startEmulator } from "ampframe";

const emulator = await startEmulator({ days: 8, eventsPerDay: 2_000 });
const { apiKey, secretKey, url: endpoint } = emulator;
await pull({ lake: "./users", credentials: { apiKey, secretKey }, endpoint, last: "7d" });
await emulator.close();

const lake = await openLake("./users");
const platform = "Web";
const daily = await lake.sql<{ day: string; users: bigint }>`
  SELECT strftime(event_time, '%Y-%m-%d') AS day, count(DISTINCT amplitude_id) AS users
  FROM events WHERE platform = ${platform} GROUP BY day ORDER BY day`;
for await (const { day, users } of daily.rows()) console.log(day, "█".repeat(Number(users) / 5), users);
await lake.close();
