import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, it, onTestFinished } from "vitest";
import { freePort } from "../support/free-port.ts";
import { root } from "./packages.ts";

const app = inject("apps")["express-5-cli"];
const readme = readFileSync(`${root}packages/cli/README.md`, "utf8");

/** The code blocks of the section that begins with an empty folder, in order. */
function blocksOf(heading: string): string[] {
  const part = readme.split(`## ${heading}\n`)[1]?.split(/^## /m)[0] ?? "";
  return [...part.matchAll(/^```\w+\n(.*?)^```$/gms)].map(([, block = ""]) => block);
}

/** Starts a command as a shell does; it is stopped at the end of the test. */
function start(command: string) {
  // The environment of this process has settings of pnpm that npm warns of, so it is left out.
  const env = { PATH: process.env["PATH"], HOME: app };
  const child = spawn(command, { cwd: app, env, shell: true, detached: true, stdio: "pipe" });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr.resume(); // npm prints notices there
  const ended = once(child, "close");
  onTestFinished(async () => {
    if (child.exitCode === null) process.kill(-(child.pid ?? 0), "SIGKILL");
    await ended;
  });
  return { output: () => output, ended: ended.then(([code]) => code as number) };
}

it("the steps of the README, in an empty folder, lead to a delivered result", async () => {
  const [install = "", code = "", commands = "", answers = "", seen = ""] =
    blocksOf("From an empty folder");
  const names = /^npm install (.*)$/m.exec(install)?.[1]?.split(" ") ?? [];
  expect(names).toEqual(["express", "@abstrakt-webhooks/express"]);
  // The packages come from the tarballs, because this version is not published yet.
  for (const name of names) expect(existsSync(join(app, "node_modules", name))).toBe(true);

  const port = await freePort();
  const withPort = (text: string): string => text.replaceAll("3000", `${port}`);
  writeFileSync(join(app, "app.mjs"), withPort(code));
  const [startApp = "", trigger = ""] = withPort(commands).trim().split("\n");
  expect(startApp).toBe("node app.mjs");
  const running = start(startApp);
  await expect
    .poll(
      () =>
        fetch(`http://127.0.0.1:${port}`).then(
          () => true,
          () => false,
        ),
      { timeout: 20_000 },
    )
    .toBe(true);

  expect(trigger).toMatch(/^npx @abstrakt-webhooks\/cli trigger /);
  const sent = start(trigger.replace("npx ", "npx --no-install "));
  expect(await sent.ended).toBe(0);
  const withoutTimes = (text: string): string => text.replaceAll(/\d+ ms/g, "N ms");
  expect(withoutTimes(sent.output())).toBe(withoutTimes(answers));
  await expect.poll(() => running.output()).toBe(seen);
});
