import { openLake, pull, startEmulator } from "ampframe";

const emulator = await startEmulator({ days: 3, eventsPerDay: 1_000 });
const { apiKey, secretKey, url: endpoint } = emulator;
await pull({ lake: "./handed", credentials: { apiKey, secretKey }, endpoint, last: "2d" });
await emulator.close();

const lake = await openLake("./handed");
const orders = lake.frame({
  events: "Order Completed",
  columns: ["event_time", "user_id", "event_properties"],
});

const arrow = await orders.toArrow(); //    npm install @uwdata/flechette@2.6.0
const arquero = await orders.toArquero(); // npm install arquero@8.0.3 @uwdata/flechette@2.6.0
const polars = await orders.toPolars(); //  npm install nodejs-polars@0.24.1
console.log(arrow.numRows, arquero.numRows(), polars.height);

await orders.write("./orders.parquet");
await orders.write("./orders.csv.gz");
await lake.close();
