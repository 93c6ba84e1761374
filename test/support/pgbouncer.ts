import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { answers, unprivileged } from "./postgres-server.ts";

/** True where `pgbouncer` is on the PATH. */
export function hasPgbouncer(): boolean {
  try {
    execFileSync("pgbouncer", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/**
 * PgBouncer in transaction mode in front of a server, with three connections to it and tables in
 * `schema`. It is optional: a missing one is no failure.
 */
export async function startPgbouncer(
  server: string,
  schema: string,
): Promise<{ url: string; stop(): Promise<void> }> {
  const { hostname, port, username, pathname } = new URL(server);
  const folder = mkdtempSync(join(tmpdir(), "abstrakt-pgbouncer-"));
  const user = unprivileged();
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const listenPort = await freePort();
  const settings = `[databases]
test = host=${hostname} port=${port || 5432} dbname=${pathname.slice(1)} connect_query='SET search_path TO ${schema}, pg_catalog'
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${listenPort}
unix_socket_dir =
auth_type = trust
auth_file = ${folder}/users
pool_mode = transaction
default_pool_size = 3
`;
  writeFileSync(join(folder, "pgbouncer.ini"), settings);
  writeFileSync(join(folder, "users"), `"${username}" ""\n`);
  const child = spawn("pgbouncer", [join(folder, "pgbouncer.ini")], { ...user, stdio: "ignore" });
  const exited = once(child, "exit");
  const url = `postgres://${username}@127.0.0.1:${listenPort}/test`;
  while (!(await answers(url))) {
    if (child.exitCode !== null) throw new Error(`pgbouncer ended with ${child.exitCode}`);
  }
  return {
    url,
    async stop() {
      child.kill("SIGTERM");
      await exited;
      rmSync(folder, { recursive: true });
    },
  };
}
