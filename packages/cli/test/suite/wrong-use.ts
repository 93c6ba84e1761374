import { describe, expect, it } from "vitest";
import { finish, type Cli } from "../support/cli.ts";

const URL = "http://127.0.0.1:9/hook";

/** Invalid arguments: one line on stderr, nothing on stdout, exit code 2. */
export function wrongUse(cli: Cli): void {
  describe("wrong use", () => {
    it.each([
      [["nonsense"], /^Unknown command "nonsense"\. Known: dev, trigger,/],
      [["triger", URL], /Did you mean `trigger`\?/],
      [["jobs"], /^Unknown command "jobs"\. Known: jobs list,/],
      [["jobs", "lst"], /Did you mean `jobs list`\?/],
      [["trigger"], /^Expected `url` to be an absolute URL .* got nothing\./],
      [["trigger", "localhost:3000"], /got text of 14 characters/],
      [["trigger", URL, "more"], /^Unexpected argument "more"\./],
      [["trigger", URL, "--tmes", "3"], /^Unknown option `--tmes`\. Did you mean `--times`\?/],
      [["trigger", URL, "--no-json"], /^Unknown option `--no-json`/],
      [["trigger", URL, "--__proto__=1"], /^Unknown option `--__proto__`/],
      [["trigger", URL, "--times"], /^Expected `--times` to be a whole number .* got no value/],
      [["trigger", URL, "--times", "1e3"], /got "1e3"/],
      [["trigger", URL, "--times", "2", "--times", "3"], /got "2" and "3"/],
      [["trigger", URL, "--status", "done"], /one of succeeded, failed, processing, got "done"/],
      [["trigger", URL, "--set", "output..url=x"], /^Expected `--set` to be PATH=TEXT/],
      [["trigger", URL, "--ref", "r"], /^Expected `--secret` beside `--ref`/],
      [["trigger", URL, "--file", "/nowhere/at/all"], /^Expected `--file` to be a file .* ENOENT/],
      [["trigger", URL, "--file", "a", "--job-id", "b"], /^Expected `--file` alone/],
      [["mint", "http://app.example.com/x", "--secret", "s".repeat(32)], /to be https/],
      [["mint", URL], /^Expected `--secret` .* got nothing\. Or set WEBHOOK_SECRET\./],
      [["mint", URL, "--secret", "s".repeat(32), "--expires", "7"], /a duration such as/],
      [["jobs", "list"], /Or set ABSTRAKT_STORE\./],
      [["jobs", "list", "--store", "mysql://u:pass@h/d"], /got text of 18 characters/],
      [
        ["jobs", "redrive", "--store", "sqlite:a.db"],
        /^Expected a job's id or `--all-dead`, got neither/,
      ],
      [["dev", "--port", "70000"], /from 0 to 65535, got "70000"/],
      [["dev", "--duplicates", "2"], /a number from 0 to 1/],
      [["dev", "--delay", "30d"], /^Expected `--delay` to be a duration of at most 24d/],
      [["dev", "--record", "/nowhere/at/all"], /^Expected `--record` to be a file .* ENOENT/],
      [["doctor", "https://app.example.com/x"], /^Expected `--yes` for app\.example\.com/],
      [["completion", "tcsh"], /one of bash, zsh, fish, got "tcsh"/],
    ])("%j is refused", async (args, message) => {
      const { code, stdout, stderr } = await finish(cli, args);
      expect(stderr).toMatch(message);
      expect(stderr.trimEnd()).not.toContain("\n");
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    });

    it("is reported without any secret, password or token", async () => {
      const lines = await Promise.all([
        finish(cli, ["mint", URL, "--secret", "c4n4ry"]),
        finish(cli, ["mint", URL], { env: { WEBHOOK_SECRET: "c4n4ry" } }),
        finish(cli, ["jobs", "stats", "--store", "mysql://u:c4n4ry@h/d"]),
        finish(cli, ["jobs", "stats", "--store", "postgres://u:c4n4ry@127.0.0.1:9/d"]),
        finish(cli, ["trigger", `${URL}?k=c4n4ry`, `${URL}?k=c4n4ry`]),
        finish(cli, ["replay", "job_1", "--to", "ftp://h/?k=c4n4ry", "--store", "sqlite:a"]),
      ]);
      expect(lines.map(({ code }) => code)).toEqual([2, 2, 2, 1, 2, 2]);
      for (const { stdout, stderr } of lines) expect(stdout + stderr).not.toContain("c4n4ry");
    });
  });
}
