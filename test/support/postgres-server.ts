import { execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { Client } from "pg";

/** A PostgreSQL server for tests; `stop` ends it where it was started for them. */
export interface PostgresServer {
  readonly url: string;
  stop(): Promise<void>;
}

const DEFAULT_URL = "postgres://postgres@127.0.0.1:5432/test";

/**
 * The server at `DATABASE_URL`, by default the local one; else one of our own, from binaries on the
 * PATH or where Debian puts them; else `undefined`, which with `CI=true` is an error instead.
 */
export async function findPostgres(): Promise<PostgresServer | undefined> {
  const url = process.env["DATABASE_URL"] ?? DEFAULT_URL;
  if (await answers(url)) return { url, stop: async () => undefined };
  const folder = binaries();
  if (folder !== undefined) return startPostgres(folder);
  if (process.env["CI"] === "true") {
    throw new Error("No PostgreSQL: set DATABASE_URL, or put initdb and postgres on the PATH.");
  }
  return undefined;
}

async function startPostgres(binaryFolder: string): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), "abstrakt-postgres-"));
  const user = unprivileged();
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, "data");
  execFileSync(
    join(binaryFolder, "initdb"),
    ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"],
    { ...user, cwd: folder, stdio: "ignore" },
  );
  const port = await freePort();
  const settings = ["-c", "listen_addresses=127.0.0.1", "-c", `unix_socket_directories=${folder}`];
  const server = spawn(join(binaryFolder, "postgres"), ["-D", data, "-p", `${port}`, ...settings], {
    ...user,
    cwd: folder,
    stdio: "ignore",
  });
  const exited = new Promise((resolve) => server.once("exit", resolve));
  process.once("exit", () => server.kill("SIGKILL")); // when no test came to stop it
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  while (!(await answers(url))) {
    if (server.exitCode !== null) throw new Error(`postgres ended with ${server.exitCode}`);
  }
  return {
    url,
    async stop() {
      server.kill("SIGINT");
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    await client.query("SELECT 1");
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function binaries(): string | undefined {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian) : [];
  const folders = [
    ...(process.env["PATH"] ?? "").split(delimiter),
    ...versions.map((version) => join(debian, version, "bin")),
  ];
  return folders.find((folder) => existsSync(join(folder, "initdb")));
}

/** PostgreSQL refuses to run as root. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
