import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { toCluster, type DatabaseCluster } from "./database-cluster.ts";
import { freePort } from "./free-port.ts";

/** A server program on the PATH, and the check that it is ready. */
export interface ServerProgram {
  /** Such as `redis-server`. */
  readonly name: string;
  /** Where it may be, before the PATH is searched. */
  readonly folders?: readonly string[];
  /** Such as `redis:`. */
  readonly protocol: string;
  readonly defaultPort: number;
  /** The text to send to a server that waits for its client. */
  readonly question?: string;
  readonly answer: RegExp;
  parameters(port: number, folder: string): readonly string[];
  /** Variables of its environment, beside those of this process. */
  env?(port: number, folder: string): Record<string, string>;
}

/**
 * A server that is not started yet, on its own port and in its own folder; `undefined` without a
 * binary.
 */
export async function createServerOf(program: ServerProgram): Promise<DatabaseCluster | undefined> {
  const { name, protocol } = program;
  const binary = [...(program.folders ?? []), ...(process.env["PATH"] ?? "").split(delimiter)]
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
  if (binary === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), `abstrakt-${name}-`));
  const port = await freePort();
  const url = `${protocol}//127.0.0.1:${port}`;
  return toCluster({
    url,
    port,
    folder,
    launch() {
      const env = { ...process.env, ...program.env?.(port, folder) };
      return spawn(binary, program.parameters(port, folder), { stdio: "ignore", env });
    },
    answers: () => answers(program, url),
  });
}

/** Whether such a server answers at the URL. */
export async function answers(program: ServerProgram, url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port || program.defaultPort), hostname).setTimeout(2_000);
  try {
    if (program.question !== undefined) socket.write(program.question);
    const [reply] = await Promise.race([once(socket, "data"), once(socket, "timeout")]);
    return program.answer.test(String(reply));
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
