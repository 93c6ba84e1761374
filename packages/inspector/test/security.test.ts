import { expect, it } from "vitest";
import { createReceiver, memoryStore } from "@abstrakt-webhooks/core";
import { inspector } from "../src/index.ts";
import { failure, open, picture, words } from "./support.ts";

const PATHS = ["/webhooks", "/webhooks/jobs/a", "/webhooks/assets/page.js", "/webhooks/stream"];

it.each([
  ["answers false", () => false],
  [
    "throws",
    () => {
      throw new Error("no session");
    },
  ],
  ["rejects", () => Promise.reject(new Error("no session"))],
  ["answers something else", () => "yes" as unknown as boolean],
])("the page is refused where `authorize` %s", async (_, authorize) => {
  const { get, post } = open({ authorize });
  expect((await open().get()).status).toBe(200);
  for (const path of PATHS) expect((await get(path)).status, path).toBe(403);
  expect((await post("/webhooks/jobs/a/redrive")).status).toBe(403);
});

it("an inspector is not created without `authorize`, or with invalid options", () => {
  const receiver = createReceiver({ auth: "none", store: memoryStore() });
  const make = (options: object) => () => inspector(receiver, options as never);
  expect(make({})).toThrow(/Expected `authorize` to be a function/);
  expect(() => inspector(receiver, undefined as never)).toThrow(/Expected `authorize`/);
  const authorize = () => true;
  expect(make({ authorize, media: "always" })).toThrow(/Expected `media`/);
  expect(make({ authorize, basePath: "webhooks" })).toThrow(/Expected `basePath`/);
});

it("only the page's own scripts and styles run, by a nonce of each answer", async () => {
  const { get } = open();
  const answer = await get();
  const policy = answer.headers.get("content-security-policy") ?? "";
  const [, nonce = ""] = /script-src 'nonce-([^']+)'/.exec(policy) ?? [];
  const html = await answer.text();
  const tags = html.match(/<(script|link rel="stylesheet")[^>]*>/g) ?? [];
  expect(tags).toHaveLength(3);
  for (const tag of tags) expect(tag).toContain(`nonce="${nonce}"`);
  expect(policy).not.toMatch(/unsafe|\*/);
  expect(policy).toMatch(
    /default-src 'none'.*form-action 'self'; base-uri 'none'; frame-ancestors 'none'/,
  );
  expect(html).not.toMatch(/ style=| on[a-z]+=/);
  expect((await get()).headers.get("content-security-policy")).not.toBe(policy);
});

it("every answer sends no referrer to other hosts, and forbids type sniffing and cross-origin use", async () => {
  const { get } = open();
  for (const path of PATHS) {
    const { headers, body } = await get(path);
    expect(headers.get("referrer-policy")).toBe("same-origin");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
    await body?.cancel();
  }
});

it.each([
  [{ "sec-fetch-site": "same-origin" }, 303],
  [{ origin: "http://app.test" }, 303],
  [{ origin: "https://app.test" }, 303],
  [{ "sec-fetch-site": "cross-site" }, 403],
  [{ "sec-fetch-site": "same-site", origin: "http://app.test" }, 403],
  [{ origin: "http://evil.test" }, 403],
  [{ origin: "null" }, 403],
  [{}, 403],
])("a form with the headers %o is answered %i", async (headers, status) => {
  const { post } = open({ replay: true });
  expect(
    (await post("/webhooks/jobs/a/redrive", {}, headers as Record<string, string>)).status,
  ).toBe(status);
});

it("a read-only page changes nothing", async () => {
  const { text, post, deliver, broken, handled } = open({ readOnly: true, replay: true });
  broken.add("job_1");
  await deliver(picture("job_1"));
  const html = await text("/webhooks/jobs/job_1");
  expect(html).not.toMatch(/method="post"/);
  expect(words(html)).toContain("This page is read-only.");
  expect((await post("/webhooks/jobs/job_1/redrive")).status).toBe(403);
  expect((await post("/webhooks/jobs/job_1/replay", { id: "new" })).status).toBe(403);
  expect(handled).toEqual(["job_1"]);
});

it("the page replays only where the options allow it", async () => {
  const { text, post, deliver, handled } = open();
  await deliver(picture("job_1"));
  expect(await text("/webhooks/jobs/job_1")).not.toContain("/replay");
  expect((await post("/webhooks/jobs/job_1/replay", { id: "new" })).status).toBe(403);
  expect(handled).toEqual(["job_1"]);
});

it("actions need POST, and pages need GET", async () => {
  const { get, post } = open();
  expect((await get("/webhooks/jobs/a/redrive")).status).toBe(405);
  expect((await post("/webhooks")).status).toBe(405);
});

it("hostile strings are shown as text", async () => {
  const { text, deliver } = open({ replay: true, media: "show" });
  const evil = "</textarea></pre><script>sentinel()</script>\"'><img src=x onerror=sentinel()>";
  await deliver({ ...picture(evil, "javascript:sentinel()"), prompt: evil });
  await deliver(failure("job_1", evil));
  for (const path of [
    "/webhooks",
    `/webhooks/jobs/${encodeURIComponent(evil)}`,
    "/webhooks/jobs/job_1",
  ]) {
    const html = await text(path);
    expect(html).not.toContain("<script>");
    expect(html).not.toContain("<img src=x");
    expect(html).toContain("&lt;script&gt;");
  }
  const html = await text(`/webhooks/jobs/${encodeURIComponent(evil)}`);
  expect(html).toContain("javascript:sentinel()");
  expect(html).not.toMatch(/(href|src)="javascript/);
});

it("tokens of webhook URLs are hidden everywhere", async () => {
  const { text, deliver } = open({ replay: true });
  const token = "v1.a1b2c3.1790000000.bm9uY2U.cmVm.c2lnbmF0dXJl";
  await deliver({
    ...picture("job_1", "https://user:pw@cdn.test/a.png#frag"),
    echo: {
      webhook_url: `https:\\/\\/app.test/hook?k=${token}`,
      note: `it was ${token}, see //x.test/?a=1`,
    },
  });
  const html = await text("/webhooks/jobs/job_1");
  for (const secret of [token, "pw@", "#frag", "a=1"]) expect(html).not.toContain(secret);
  expect(html).toContain("[hidden 1]");
});

it("no foreign file is loaded where `media` is never", async () => {
  const { get, deliver } = open({ media: "never" });
  await deliver(picture("job_1"));
  const answer = await get("/webhooks/jobs/job_1");
  expect(answer.headers.get("content-security-policy")).toContain("img-src 'self' data:;");
  expect(await answer.text()).not.toContain("outputs/0");
  expect((await get("/webhooks/jobs/job_1/outputs/0")).status).toBe(404);
});
