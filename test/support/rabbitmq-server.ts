import { once } from "node:events";
import { connect } from "node:net";

const DEFAULT_URL = "amqp://guest:guest@127.0.0.1:5672";

/**
 * The URL of the server at `AMQP_URL`, by default the local one. Without it, `undefined`, which
 * with `CI=true` is an error.
 */
export async function findRabbitMq(): Promise<string | undefined> {
  const url = process.env["AMQP_URL"] ?? DEFAULT_URL;
  if (await answers(url)) return url;
  if (process.env["CI"] === "true") {
    throw new Error("No RabbitMQ: set AMQP_URL, or start rabbitmq-server.");
  }
  return undefined;
}

/** True when a server there answers the first bytes of AMQP 0-9-1 with its first frame. */
async function answers(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port || 5672), hostname).setTimeout(2_000);
  try {
    socket.write("AMQP\u0000\u0000\u0009\u0001");
    const [reply] = await Promise.race([once(socket, "data"), once(socket, "timeout")]);
    return Buffer.isBuffer(reply) && reply[0] === 1;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
