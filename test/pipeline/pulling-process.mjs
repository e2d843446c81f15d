// Pulls in a process of its own, from a compiled package, and kills it when a kind of progress has been told so often.
const [dist, options, kind, times] = process.argv.slice(2);
const { pull } = await import(`${dist}/index.js`);
let told = 0;
const onProgress = (progress) => {
  if (progress.kind === kind && ++told === Number(times)) process.kill(process.pid, "SIGKILL");
};
await pull({ ...JSON.parse(options), onProgress });
