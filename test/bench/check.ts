import { startChild } from "./child.ts";
import { jobIdOf, postBy, type Post } from "./delivery.ts";
import type { NodeBinary } from "./nodes.ts";
import type { Report } from "./serve.ts";
import { answerOf, serverOf, type ServerName } from "./servers.ts";

/**
 * Posts one result to a server. The answer is the expected one, the callback runs once, and the job
 * is in the database where there is one. A server that verifies refuses a wrong signature.
 *
 * @throws Error that says what is wrong.
 */
export async function check(node: NodeBinary, name: ServerName): Promise<void> {
  const server = startChild([node.path], "./serve.js", name);
  try {
    const url = await server.heard<string>();
    const send = async (post: Post): Promise<Response> => fetch(url, { method: "POST", ...post });
    const { sender = "unsigned" } = serverOf(name);
    const toPost = postBy[sender];
    if (sender !== "unsigned") {
      const forged = await send({ body: toPost(2).body, headers: toPost(1).headers });
      expectEqual(`a forged delivery to ${name} to be accepted`, forged.ok, false);
    }
    const response = await send(toPost(1));
    const answer = `${response.status} ${await response.text()}`;
    expectEqual(`the answer of ${name}`, answer, `200 ${answerOf(name)}`);
    const report = await server.ask<Report>({ jobId: jobIdOf(1) });
    expectEqual(`the number of callbacks of ${name}`, report.callbacks, 1);
    expectEqual(`that ${name} has kept the job`, report.holds ?? true, true);
  } finally {
    await server.end();
  }
}

function expectEqual<T>(what: string, actual: T, expected: T): void {
  if (actual === expected) return;
  throw new Error(`Expected ${what} to be ${String(expected)}, got ${String(actual)}.`);
}
