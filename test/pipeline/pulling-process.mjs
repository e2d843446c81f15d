// Pulls or loads in a process of its own, from a compiled package: for tests that kill it.
const [dist, work, options] = process.argv.slice(2);
const library = await import(`${dist}/index.js`);
try {
  const onProgress = (progress) => process.stdout.write(`${JSON.stringify(progress)}\n`);
  const report = await library[work]({ ...JSON.parse(options), onProgress });
  process.stdout.write(`${JSON.stringify({ kind: "report", report })}\n`);
} catch (error) {
  process.stdout.write(`${JSON.stringify({ kind: "error", name: error.name, message: error.message })}\n`);
  process.exitCode = 1;
}
