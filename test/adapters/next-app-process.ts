import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const APP = join(HERE, "next-app");
const ROOT = join(HERE, "../..");

/** Builds the packages as they are published, then the app. */
export async function buildNextApp(): Promise<void> {
  const tsc = createRequire(join(ROOT, "package.json")).resolve("typescript/package.json");
  await succeed([join(dirname(tsc), "bin/tsc"), "-b", "packages/next", "packages/testing"], ROOT);
  await succeed([nextCli(), "build"], APP);
}

/** The app under `next start`, on a free port. */
export async function startNextApp(): Promise<{ origin: string; stop(): Promise<void> }> {
  const child = run([nextCli(), "start", "--port", "0", "--hostname", "127.0.0.1"], APP);
  const origin = await new Promise<string>((resolve, reject) => {
    let printed = "";
    child.stdout?.on("data", (chunk) => {
      printed += chunk;
      const [, url] = /(http:\/\/127\.0\.0\.1:\d+)[^]*Ready/.exec(printed) ?? [];
      if (url !== undefined) resolve(url);
    });
    child.once("exit", () => reject(new Error(`next start ended: ${printed}`)));
  });
  return {
    origin,
    async stop() {
      const exited = once(child, "exit");
      child.kill();
      await exited;
    },
  };
}

const nextCli = (): string =>
  createRequire(join(APP, "package.json")).resolve("next/dist/bin/next");

function run(args: string[], cwd: string): ChildProcess {
  // Only the path, because an app must build without environment variables.
  const env = {
    PATH: process.env["PATH"],
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
  } as const;
  return spawn(process.execPath, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
}

async function succeed(args: string[], cwd: string): Promise<void> {
  const child = run(args, cwd);
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk) => void (printed += chunk));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`${args.join(" ")} exited with ${code}:\n${printed}`);
}
