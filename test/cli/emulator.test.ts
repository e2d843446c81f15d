import { expect, test } from "vitest";
import { ampframe } from "./run.js";

test.skipIf(process.platform === "win32")(
  "emulator says where it is, answers there, and ends on Ctrl-C with status 0",
  async () => {
    let status = 0;
    const ran = await ampframe(["emulator", "--json", "--days", "1", "--events-per-day", "50"], {
      onStart: (child) => {
        child.stdout?.once("data", async (text: string) => {
          try {
            status = (await fetch(`${JSON.parse(text).url}/api/2/export`)).status;
          } finally {
            child.kill("SIGINT");
          }
        });
      },
    });
    expect(status).toBe(401);
    expect(ran.status).toBe(0);
    expect(Object.keys(JSON.parse(ran.stdout))).toEqual(["url", "apiKey", "secretKey", "projectId", "hours"]);
  },
);

test("what it prints for people can be copied: the keys and a pull", async () => {
  const ran = await ampframe(["emulator", "--days", "1", "--events-per-day", "50"], {
    onStart: (child) => child.stdout?.once("data", () => child.kill("SIGTERM")),
  });
  const url = /^(http:\/\/127\.0\.0\.1:\d+) /.exec(ran.stdout)?.[1];
  expect(ran.stdout).toContain(`ampframe pull --endpoint ${url} --lake `);
  expect(ran.stdout).toContain("export AMPLITUDE_API_KEY=demo-api-key AMPLITUDE_SECRET_KEY=demo-secret-key");
});

test("a fault that is not known is answered with the syntax", async () => {
  const ran = await ampframe(["emulator", "--fault", "bogus"]);
  expect(ran).toMatchObject({ status: 2, stdout: "" });
  expect(ran.stderr).toMatch(/"bogus" is not a fault[\s\S]*retry-after=/);
});
