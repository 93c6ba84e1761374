import { describe, expect, it } from "vitest";
import { finish, jsonLines, type Cli } from "../support/cli.ts";
import { plantedFaults, SECRET, serveEndpoint } from "../support/endpoints.ts";
import { serve } from "../support/app.ts";

interface Line {
  check: string;
  outcome: "pass" | "fail" | "skip";
  seen?: string;
  remedy?: string;
  docs?: string;
}

/** Endpoints with one fault each, and a correct one. */
export function doctor(cli: Cli): void {
  describe("doctor", () => {
    const examine = async (url: string, ...more: string[]) => {
      const finished = await finish(cli, ["doctor", url, "--json", ...more]);
      return { ...finished, lines: jsonLines<Line>(finished.stdout) };
    };

    it("accepts a correct endpoint, and lists first what it will send", async () => {
      const { code, stderr, lines } = await examine(await serveEndpoint(), "--secret", SECRET);
      expect(lines.filter(({ outcome }) => outcome !== "pass")).toEqual([]);
      expect(lines.map(({ check }) => check)).toEqual(Object.keys(plantedFaults));
      expect(code).toBe(0);
      expect(stderr).toMatch(/^doctor sends about 20 requests: .*doctor_.* 8 MB.*\n$/);
    });

    it.concurrent.for(Object.entries(plantedFaults))(
      "finds the planted fault and no other: %s",
      async ([check, plant], { onTestFinished }) => {
        const { code, lines } = await examine(
          await serveEndpoint(plant, onTestFinished),
          "--secret",
          SECRET,
        );
        const failed = lines.filter(({ outcome }) => outcome !== "pass");
        expect(failed).toEqual([
          {
            check,
            title: expect.any(String),
            outcome: "fail",
            seen: expect.any(String),
            remedy: expect.any(String),
            docs: `docs/doctor.md#${check}`,
          },
        ]);
        expect(lines).toHaveLength(12);
        expect(code).toBe(1);
      },
    );

    it("checks also a URL that the secret of the environment cannot sign", async () => {
      const { url } = await serve((_, response) => response.end("{}"));
      const args = ["doctor", url.replace("127.0.0.1", "0.0.0.0"), "--yes"];
      const { stdout, stderr } = await finish(cli, args, { env: { WEBHOOK_SECRET: SECRET } });
      expect(stdout).toMatch(/^skip +refuses a delivery without a token/m);
      expect(stderr).toMatch(/^The URL is not signed with WEBHOOK_SECRET\. /m);
    });

    it("prints no control character of an answer", async () => {
      const stack = "Error: \u009B2J\n    at \u001B[2Jf.js:1:2";
      const { url } = await serve((request, response) => {
        response.statusCode = request.method === "POST" ? 200 : 405;
        response.end(request.method === "POST" ? '{"received":true}' : stack);
      });
      const { stdout } = await finish(cli, ["doctor", url]);
      expect(stdout).toContain("\uFFFD[2Jf.js:1:2");
      expect(stdout).not.toContain("\u001B");
    });

    it("prints a table and advice for each fault", async () => {
      const args = ["doctor", await serveEndpoint(plantedFaults["method"]), "--secret", SECRET];
      const { code, stdout } = await finish(cli, args);
      expect(stdout).toMatch(/^RESULT +CHECK +SEEN\npass +answers without a redirect\n/);
      expect(stdout).toMatch(/^FAIL +accepts POST only +answered GET with 200$/m);
      expect(stdout).toMatch(
        /^method: Mount the webhook for POST\..* See docs\/doctor\.md#method$/m,
      );
      expect(code).toBe(1);
    });

    it("runs no check when the endpoint accepts no result or cannot be reached", async () => {
      const url = await serveEndpoint();
      const unsigned = await finish(cli, ["doctor", url]);
      expect(unsigned).toMatchObject({
        code: 1,
        stdout: "",
        stderr: expect.stringMatching(/got 401\. Pass --secret\./),
      });
      const { url: gone, close } = await serve(() => undefined);
      await close();
      const missing = await finish(cli, ["doctor", gone]);
      expect(missing).toMatchObject({
        code: 1,
        stdout: "",
        stderr: expect.stringMatching(/got ECONNREFUSED\. Start it\./),
      });
    });
  });
}
