import { describe, expect, it } from "vitest";
import { finish, jsonLines, type Cli } from "../support/cli.ts";

interface CommandReference {
  name: string;
  usage: string;
  options: { name: string }[];
  examples: string[];
}

/** Help as text for a person and as JSON for a program. */
export function help(cli: Cli): void {
  describe("help", () => {
    it("lists every command, and for each command its options and examples", async () => {
      const [all, reference] = [
        await finish(cli, ["--help"]),
        await finish(cli, ["reference", "--json"]),
      ];
      const commands = jsonLines<CommandReference>(reference.stdout);
      expect(commands.length).toBeGreaterThan(10);
      for (const { name, usage, options, examples } of commands) {
        expect(all.stdout).toContain(`  ${usage} `);
        const one = await finish(cli, [...name.split(" "), "--help"]);
        expect(one).toMatchObject({ code: 0, stderr: "" });
        for (const option of options) expect(one.stdout).toContain(`  ${option.name} `);
        expect(examples.length).toBeGreaterThan(0);
        for (const example of examples) {
          expect(one.stdout).toContain(`  npx @abstrakt-webhooks/cli ${example}`);
        }
      }
    });

    it.each([[[]], [["help"]], [["-h"]]])("%j shows all commands", async (args) => {
      const shown = await finish(cli, args);
      expect(shown.code).toBe(0);
      expect(shown.stdout).toMatch(/Commands:\n {2}dev /);
    });

    it("lists the commands of a group", async () => {
      const { stdout } = await finish(cli, ["jobs", "--help"]);
      expect(stdout).toMatch(/Commands:\n {2}jobs list /);
      expect(stdout).not.toContain("trigger");
    });

    it("is JSON when --json stands anywhere among the arguments", async () => {
      const [all, one, version] = [
        await finish(cli, ["--json"]),
        await finish(cli, ["jobs", "show", "--help", "--json"]),
        await finish(cli, ["--json", "--version"]),
      ];
      expect(jsonLines(all.stdout).length).toBeGreaterThan(10);
      expect(jsonLines(one.stdout)).toMatchObject([{ name: "jobs show" }]);
      expect(jsonLines(version.stdout)).toEqual([{ version: expect.stringMatching(/^\d/) }]);
    });

    it.each(["--version", "-v"])("%s prints the version", async (arg) => {
      expect(await finish(cli, [arg])).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^\d+\.\d+\.\d+\S*\n$/),
      });
    });
  });
}
