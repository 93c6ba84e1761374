import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { createClient } from "@abstrakt-webhooks/client";
import { expect, it, onTestFinished } from "vitest";

/** A self-signed certificate for localhost, and its key. No other code uses them. */
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgj5gKRd/pewKdH8Bo
cGBmhTwFM+g5ikJ3CLjno268p4GhRANCAASD8n///Ei0RWwlOPNSxzVLo9jgan/A
lWkWlRNoqKMpZsWZPXfanP7opGQmm4BxaDBzHSyC+27oPoFZlII5hq4C
-----END PRIVATE KEY-----
`;
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBfjCCASWgAwIBAgIUNTFX/cdx1WrSzLQZkMtn85a0M7cwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNzIzNDc0NloYDzIxMjYxMTAz
MjM0NzQ2WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASD8n///Ei0RWwlOPNSxzVLo9jgan/AlWkWlRNoqKMpZsWZPXfanP7o
pGQmm4BxaDBzHSyC+27oPoFZlII5hq4Co1MwUTAdBgNVHQ4EFgQUwLNI5NqDdKta
pdYzkKSn2EyeXTcwHwYDVR0jBBgwFoAUwLNI5NqDdKtapdYzkKSn2EyeXTcwDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiAP0d3jAuym0DPZmYFVkI7w
THdgC5jDbYiG20OXMnXOmAIgaSFqYtGxbc39xLmVfr1z/0xvsZrs+GIsQlz1dD1O
zU4=
-----END CERTIFICATE-----
`;

const failureOf = (baseUrl: string) =>
  createClient({ apiKey: "k", baseUrl })
    .run("m", { input: {} })
    .catch((thrown: unknown) => thrown);

it("a submission to a server with an invalid certificate cannot have started a job", async () => {
  let requests = 0;
  const server = createServer({ key: KEY, cert: CERTIFICATE }, (_, response) => {
    requests += 1;
    response.end();
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const error = await failureOf(`https://127.0.0.1:${port}`);
  expect(error).toMatchObject({ code: "api_unavailable", message: expect.stringMatching(/CERT/) });
  expect((error as Error).message).not.toContain("pay twice");
  expect(error).not.toHaveProperty("mayHaveStarted");
  expect(requests).toBe(0);
});

it("a submission to a port that fetch blocks cannot have started a job", async () => {
  const error = await failureOf("http://127.0.0.1:6000");
  expect(error).toMatchObject({
    code: "api_unavailable",
    message: expect.stringContaining("bad port"),
  });
  expect(error).not.toHaveProperty("mayHaveStarted");
});
