import { execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { Client } from "pg";
import { startCluster, toCluster, type DatabaseCluster } from "./database-cluster.ts";
import { freePort } from "./free-port.ts";

/** A PostgreSQL server for tests; `stop` ends it where it was started for them. */
export interface PostgresServer {
  readonly url: string;
  stop(): Promise<void>;
}

const DEFAULT_URL = "postgres://postgres@127.0.0.1:5432/test";

/**
 * The server at `DATABASE_URL`, by default the local one. Without it, a new one, from binaries on
 * the PATH or in Debian's folder. Without those, `undefined`, which with `CI=true` is an error.
 */
export async function findPostgres(): Promise<PostgresServer | undefined> {
  const url = process.env["DATABASE_URL"] ?? DEFAULT_URL;
  if (await answers(url)) return { url, stop: async () => undefined };
  const folder = binaries();
  if (folder !== undefined) return startCluster(await createCluster(folder), "SIGINT");
  if (process.env["CI"] === "true") {
    throw new Error("No PostgreSQL: set DATABASE_URL, or put initdb and postgres on the PATH.");
  }
  return undefined;
}

/** An empty cluster that is not started yet; `undefined` where there are no binaries. */
export async function createPostgres(): Promise<DatabaseCluster | undefined> {
  const folder = binaries();
  return folder === undefined ? undefined : createCluster(folder);
}

/** A standby of a running server; it is not started yet. */
export async function createStandby(primary: DatabaseCluster): Promise<DatabaseCluster> {
  const folder = binaries();
  if (folder === undefined) throw new Error("Expected the binaries that the primary runs by.");
  return createCluster(folder, primary);
}

/** A copy of `primary` that follows it, or an empty cluster without one. */
async function createCluster(
  binaryFolder: string,
  primary?: DatabaseCluster,
): Promise<DatabaseCluster> {
  const folder = mkdtempSync(join(tmpdir(), "abstrakt-postgres-"));
  const user = unprivileged();
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, "data");
  const empty = ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"];
  const copy = ["-D", data, "-d", primary?.url ?? "", "-R", "-c", "fast", "--no-sync"];
  const [program, words] = primary === undefined ? ["initdb", empty] : ["pg_basebackup", copy];
  execFileSync(join(binaryFolder, program), words, {
    ...user,
    cwd: folder,
    stdio: "ignore",
  });
  const port = await freePort();
  const settings = ["-c", "listen_addresses=127.0.0.1", "-c", `unix_socket_directories=${folder}`];
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  return toCluster({
    url,
    port,
    folder,
    launch: () =>
      spawn(join(binaryFolder, "postgres"), ["-D", data, "-p", `${port}`, ...settings], {
        ...user,
        cwd: folder,
        stdio: "ignore",
      }),
    answers: () => answers(url),
  });
}

/** True when the server at `url` answers a query. */
export async function answers(url: string): Promise<boolean> {
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
  const initdb = folders.map((folder) => join(folder, "initdb")).find((path) => existsSync(path));
  // A folder on the PATH may have links to only some of the programs.
  return initdb && dirname(realpathSync(initdb));
}

/** PostgreSQL refuses to run as root. */
export function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}
