import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** Serves an app on a free port and resolves with its URL. */
export async function serve(app: RequestListener): Promise<string> {
  const server = createServer(app).listen(0, "127.0.0.1");
  await once(server, "listening");
  server.unref();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Posts as the provider does, and prints the answer. */
export async function post(url: string, body: unknown, type = "application/json"): Promise<void> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const headers = { "content-type": type };
  const response = await fetch(url, { method: "POST", body: text, headers });
  const [answer = ""] = (await response.text()).split("\n");
  console.log(`The provider gets ${response.status} ${answer}`);
}
