import { afterAll, describe, expect, it } from "vitest";
import { startApp } from "./support/app.ts";
import { createKeyboard, inProcess, startOn } from "./support/in-process.ts";
import { finish } from "./support/cli.ts";
import { addDead, stopServers, testStores } from "./support/stores.ts";

const ESCAPE = "\u001B[";

describe("colours are printed", () => {
  it.each([
    ["on a terminal", {}, true],
    ["not with NO_COLOR", { NO_COLOR: "1" }, false],
    ["not on a dumb terminal", { TERM: "dumb" }, false],
  ])("%s", async (_, env, colored) => {
    const { url } = await startApp();
    const { stdout } = await startOn(createKeyboard(), ["trigger", url], { env }).ended;
    expect(stdout.includes(ESCAPE)).toBe(colored);
  });

  it("not without a terminal, and not under --json", async () => {
    const { url } = await startApp();
    expect((await finish(inProcess, ["trigger", url])).stdout).not.toContain(ESCAPE);
    const { stdout } = await startOn(createKeyboard(), ["trigger", url, "--json"]).ended;
    expect(stdout).not.toContain(ESCAPE);
  });
});

describe("redrive --all-dead on a terminal", () => {
  afterAll(stopServers);
  const [[, openSqlite] = []] = testStores;

  it.each([
    ["y\n", 0, 0],
    ["YES\r\n", 0, 0],
    ["n\n", 1, 1],
    ["\n", 1, 1],
    [undefined, 1, 1], // Control-D ends the input
  ])("reads the answer %j", async (typed, code, dead) => {
    const opened = await openSqlite?.();
    if (opened === undefined) throw new Error("Expected SQLite to be there.");
    await addDead(opened.store, "job_1");
    const keyboard = createKeyboard();
    const running = startOn(keyboard, ["jobs", "redrive", "--all-dead", ...opened.args]);
    await expect.poll(() => running.stderr()).toBe("Redrive 1 dead job? [y/N] ");
    if (typed === undefined) keyboard.end();
    else keyboard.write(typed);
    const ended = await running.ended;
    expect(ended.code).toBe(code);
    const end = typed === undefined ? "\n" : ""; // A terminal shows what is typed.
    const remark = dead === 1 ? `${end}No job is redriven.\n` : "";
    expect(ended.stderr).toBe(`Redrive 1 dead job? [y/N] ${remark}`);
    expect((await opened.store.stats()).dead).toBe(dead);
  });
});

describe("the keys of dev", () => {
  it("change the fault rates, start a job, and stop dev", async () => {
    const app = await startApp();
    const keyboard = createKeyboard();
    const env = { NO_COLOR: "1" };
    const args = ["dev", "--port", "0", "--seed", "7", "--delay", "0ms", "--forward", app.url];
    const running = startOn(keyboard, args, { env });
    const press = async (keys: string, seen: RegExp): Promise<void> => {
      keyboard.write(keys);
      await expect.poll(() => running.stdout(), { timeout: 10_000 }).toMatch(seen);
    };
    await expect.poll(() => running.stdout()).toContain("curl");
    await press("h", /^d {2}duplicates: The share of results that are sent twice\.$/m);
    await press("d", /^duplicates: 50 %$/m);
    await press("d", /^duplicates: 100 %$/m);
    await press("f", /^failures: 50 %$/m);
    await press("f", /^failures: 100 %$/m);
    await press("s", /^seed: 8$/m);
    await press("zt", /duplicate {2}200 /);
    await app.idle();
    expect(app.handled).toMatchObject([{ status: "failed" }]);
    await press("x", /^drops: 50 %$/m);
    await press("o", /^reordering: 50 %$/m);
    await press("l", /^delay: 1 s$/m);
    keyboard.write("q");
    expect((await running.ended).code).toBe(0);
  });

  it("report that a job has no destination without --forward", async () => {
    const keyboard = createKeyboard();
    const running = startOn(keyboard, ["dev", "--port", "0"]);
    await expect.poll(() => running.stdout()).toContain("curl");
    keyboard.write("t");
    await expect.poll(() => running.stderr()).toContain("Expected `--forward URL`");
    keyboard.write("\u0003");
    expect((await running.ended).code).toBe(0);
  });
});
