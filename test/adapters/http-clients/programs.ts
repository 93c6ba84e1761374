import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { expect } from "vitest";
import { inTurn, type Reply, type HttpClient } from "./http-client.ts";

const isThere = (program: string): boolean => spawnSync(program, ["--version"]).status === 0;
const missingCurl = isThere("curl") ? undefined : "curl";
const missingPython = isThere("python3") ? undefined : "python3";

/** Command line programs that people send requests with. */
export const programClients: HttpClient[] = [
  {
    name: "curl, with a length",
    missing: missingCurl,
    send: (url, bodies) => inTurn(bodies, (body) => curl(url, body)),
  },
  {
    name: "curl, chunked",
    missing: missingCurl,
    send: (url, bodies) =>
      inTurn(bodies, (body) => curl(url, body, "-H", "Transfer-Encoding: chunked")),
  },
  {
    name: "curl, that waits for 100 Continue",
    missing: missingCurl,
    // This is longer than the test may take. By default curl waits only a second for `100
    // Continue`.
    send: (url, bodies) =>
      inTurn(bodies, (body) =>
        curl(url, body, "-H", "Expect: 100-continue", "--expect100-timeout", "300"),
      ),
  },
  {
    name: "curl, HTTP/1.0",
    missing: missingCurl,
    send: (url, bodies) => inTurn(bodies, (body) => curl(url, body, "--http1.0")),
  },
  {
    name: "curl, over one connection",
    missing: missingCurl,
    async send(url, bodies) {
      const said = ["-w", "\n%{http_code} %{num_connects}\n"];
      const requests = bodies.map((body) => ["-sS", ...said, "--data-binary", body, url]);
      const args = requests.flatMap((request, index) =>
        index > 0 ? ["--next", ...request] : request,
      );
      const lines = (await run("curl", args)).trim().split("\n");
      const replies = bodies.map((_, index) => {
        const [status, connects] = (lines[2 * index + 1] ?? "").split(" ").map(Number);
        return { status: status ?? 0, body: JSON.parse(lines[2 * index] ?? ""), connects };
      });
      expect(replies.map(({ connects }) => connects)).toEqual(
        bodies.map((_, index) => (index ? 0 : 1)),
      );
      return replies.map(({ status, body }) => ({ status, body }));
    },
  },
  {
    name: "Python's urllib, with a length",
    missing: missingPython,
    send: (url, bodies) => inTurn(bodies, (body) => python(url, body, "data")),
  },
  {
    name: "Python's urllib, chunked",
    missing: missingPython,
    send: (url, bodies) =>
      inTurn(bodies, (body) => python(url, body, "iter([data[:20], data[20:]])")),
  },
  {
    name: "Python's urllib, with an Expect that it does not wait for",
    missing: missingPython,
    send: (url, bodies) =>
      inTurn(bodies, (body) => python(url, body, "data", '{"Expect": "100-continue"}')),
  },
];

async function curl(url: string, body: string, ...more: string[]): Promise<Reply> {
  const args = ["-sS", "-w", "\n%{http_code}", ...more, "--data-binary", "@-", url];
  const [answer = "", status] = (await run("curl", args, body)).split("\n");
  return { status: Number(status), body: JSON.parse(answer) };
}

async function python(url: string, body: string, data: string, headers = "{}"): Promise<Reply> {
  const script = `
import sys, urllib.request
data = sys.stdin.buffer.read()
request = urllib.request.Request(sys.argv[1], data=${data}, headers=${headers}, method="POST")
with urllib.request.urlopen(request) as response:
    print(response.status, response.read().decode())`;
  const [, status, answer = ""] =
    /^(\d+) (.*)/.exec(await run("python3", ["-c", script, url], body)) ?? [];
  return { status: Number(status), body: JSON.parse(answer) };
}

async function run(program: string, args: readonly string[], input = ""): Promise<string> {
  // Ignores a proxy that this machine may have.
  const child = spawn(program, args, { env: { PATH: process.env["PATH"], NO_PROXY: "*" } });
  child.stdin.end(input);
  const ended = once(child, "close");
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await ended;
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${errors}`);
  return output;
}
