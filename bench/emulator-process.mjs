// Serves a folder of members as the Export API would, all archives made beforehand, until its standard input ends.
// Usage: emulator-process.mjs MEMBERS CACHE
import { startEmulator } from "../build/index.js";

const [replay = "", cacheDir = ""] = process.argv.slice(2);
const emulator = await startEmulator({ replay, cacheDir });
await emulator.prepare();
const { url, apiKey, secretKey } = emulator;
console.log(JSON.stringify({ url, apiKey, secretKey }));
for await (const _ of process.stdin);
await emulator.close();
