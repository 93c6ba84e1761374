import { describe, expect, it } from "vitest";
import { fetchOutputs } from "../src/index.ts";
import { fakeFetch, jobOf, outputFailure, redirect, saveAll } from "./outputs-support.ts";

const fetches = async (url: string, hosts: readonly string[] | "*"): Promise<boolean> => {
  const { fetch, asked } = fakeFetch({});
  const outcome = await saveAll(jobOf(url), { hosts, fetch }).then(
    () => "fetched",
    (error: { code: string; index: number }) => `${error.code} ${error.index}`,
  );
  expect(outcome).toBe(asked.length === 1 ? "fetched" : "output_refused 0");
  return asked.length === 1;
};

describe("hosts", () => {
  it.each([
    ["https://cdn.example.com/a.png", ["cdn.example.com"], true],
    ["https://cdn.example.com/a.png", ["other.example.com", "CDN.example.com"], true],
    ["https://cdn.example.com:443/a.png", ["cdn.example.com:443"], true],
    ["https://cdn.example.com:8443/a.png", ["cdn.example.com:8443"], true],
    ["https://203.0.113.5/a.png", ["203.0.113.5"], true],
    ["https://storage/a.png", ["storage"], true],
    ["https://a.cdn.example.com/a.png", ["cdn.example.com"], false],
    ["https://cdn.example.com.evil.test/a.png", ["cdn.example.com"], false],
    ["https://cdn.example.com:8443/a.png", ["cdn.example.com"], false],
    ["https://cdn.example.com/a.png", ["cdn.example.com:8443"], false],
    ["https://cdn.example.com./a.png", ["cdn.example.com"], false],
    ["https://evil.test/cdn.example.com", ["cdn.example.com"], false],
    ["http://cdn.example.com/a.png", ["cdn.example.com"], false],
    ["http://cdn.example.com:443/a.png", ["cdn.example.com:443"], false],
    ["http://192.168.0.1/a.png", ["192.168.0.1"], false],
    ["https://user@cdn.example.com/a.png", ["cdn.example.com"], false],
    ["https://:t0ken@cdn.example.com/a.png", ["cdn.example.com"], false],
    ["ftp://cdn.example.com/a.png", ["cdn.example.com"], false],
    ["http://localhost:9000/a.png", ["localhost"], true],
    ["http://127.0.0.1:9000/a.png", ["127.0.0.1:9000"], true],
    ["http://[::1]:9000/a.png", ["[::1]:9000"], true],
    ["https://files.localhost/a.png", ["files.localhost"], true],
    ["http://localhost:9001/a.png", ["localhost:9000"], false],
    ["http://localhost:9000/a.png", ["cdn.example.com"], false],
  ])("the URL %s with the hosts %j: %s", async (url, hosts, expected) => {
    expect(await fetches(url, hosts)).toBe(expected);
  });

  it.each([
    ["https://cdn.example.com/a.png", true],
    ["https://cdn.example.com:8443/a.png", true],
    ["http://cdn.example.com/a.png", false],
    ["https://user:t0ken@cdn.example.com/a.png", false],
    ["https://localhost/a.png", false],
    ["http://localhost/a.png", false],
    ["https://localhost./a.png", false],
    ["https://files.localhost/a.png", false],
    ["https://storage/a.png", false],
    ["https://storage.internal/a.png", false],
    ["https://printer.local/a.png", false],
    ["https://203.0.113.5/a.png", false],
    ["https://127.0.0.1/a.png", false],
    ["https://127.1/a.png", false],
    ["https://0x7f000001/a.png", false],
    ["https://2130706433/a.png", false],
    ["https://[::1]/a.png", false],
    ["https://[::ffff:127.0.0.1]/a.png", false],
    ["https://[2001:db8::1]/a.png", false],
  ])('the URL %s with the hosts "*": %s', async (url, expected) => {
    expect(await fetches(url, "*")).toBe(expected);
    expect(await fetches(url, ["*"])).toBe(expected);
  });

  it('a loopback host can stand beside "*"', async () => {
    expect(await fetches("http://localhost:9000/a.png", ["*", "localhost:9000"])).toBe(true);
    expect(await fetches("http://localhost:9001/a.png", ["*", "localhost:9000"])).toBe(false);
  });

  it.each([
    [undefined],
    [[]],
    ["cdn.example.com"],
    [[""]],
    [["*.example.com"]],
    [["https://cdn.example.com"]],
    [["cdn.example.com/files"]],
    [["user@cdn.example.com"]],
    [["cdn.example.com:"]],
    [["cdn.example.com:99999"]],
    [["cdn example.com"]],
    [[1]],
  ])("the list %j is refused at once", (hosts) => {
    expect(() => fetchOutputs(jobOf(), { hosts: hosts as string[] })).toThrow(
      expect.objectContaining({
        code: "invalid_options",
        message: expect.stringContaining("hosts"),
      }),
    );
  });

  it("the error names the host, and neither path nor query", async () => {
    const job = jobOf(undefined, "https://evil.test/secret-path?token=t0ken");
    const error = await outputFailure(job, { hosts: ["cdn.example.com"] });
    expect(error).toMatchObject({ code: "output_refused", index: 1 });
    expect(error.message).toBe(
      "Expected output 1 to come from a host that `hosts` allows, got evil.test, which is not named there. Name the host in `hosts` if you trust it.",
    );
    expect(error.toJSON()).toMatchObject({ code: "output_refused", index: 1 });
  });
});

describe("a redirect", () => {
  const hosts = ["cdn.example.com", "other.example.com", "localhost:9000"];

  it.each([301, 302, 303, 307, 308])("by %i is followed, relative or not", async (status) => {
    const { fetch, asked } = fakeFetch({
      "cdn.example.com/a": redirect("/b", status),
      "cdn.example.com/b": redirect("https://other.example.com/c.png", status),
    });
    const [saved] = await saveAll(jobOf("https://cdn.example.com/a"), { hosts, fetch });
    expect(saved).toMatchObject({ text: "file" });
    expect(asked).toHaveLength(3);
  });

  it.each([
    ["https://evil.test/"],
    ["http://cdn.example.com/"],
    ["https://127.0.0.1/"],
    ["http://localhost:9001/"],
    ["https://user:t0ken@cdn.example.com/"],
    ["file:///etc/passwd"],
    ["data:text/plain,hi"],
  ])("to %s is refused", async (location) => {
    const { fetch, asked } = fakeFetch({ "cdn.example.com": redirect(location) });
    const error = await outputFailure(jobOf("https://cdn.example.com/a"), { hosts, fetch });
    expect(error).toMatchObject({ code: "output_refused", index: 0 });
    expect(asked).toHaveLength(1);
  });

  it.each(["https://127.0.0.1/", "https://localhost/", "http://cdn.example.com/"])(
    'to %s is refused with "*" as well',
    async (location) => {
      const { fetch } = fakeFetch({ "cdn.example.com": redirect(location) });
      const error = await outputFailure(jobOf("https://cdn.example.com/a"), { hosts: "*", fetch });
      expect(error.code).toBe("output_refused");
    },
  );

  it("is followed five times for each file, and not a sixth time", async () => {
    const chain = (length: number) =>
      Object.fromEntries(
        Array.from({ length }, (_, i) => [`cdn.example.com/${i}`, redirect(`/${i + 1}`)]),
      );
    const first = "https://cdn.example.com/0";
    const five = fakeFetch(chain(5));
    expect(await saveAll(jobOf(first, first), { hosts, fetch: five.fetch })).toHaveLength(2);
    expect(five.asked).toHaveLength(12);
    const six = fakeFetch(chain(6));
    const error = await outputFailure(jobOf(first), { hosts, fetch: six.fetch });
    expect(error).toMatchObject({ code: "output_refused", index: 0 });
    expect(six.asked).toHaveLength(6);
  });

  it("without a Location is `output_unavailable`", async () => {
    const { fetch } = fakeFetch({ "cdn.example.com": () => new Response(null, { status: 302 }) });
    const error = await outputFailure(jobOf("https://cdn.example.com/a"), { hosts, fetch });
    expect(error.code).toBe("output_unavailable");
  });

  it("carries no credentials, and neither does the first request", async () => {
    const { fetch, headers } = fakeFetch({ "cdn.example.com/a": redirect("/b") });
    await saveAll(jobOf("https://cdn.example.com/a"), { hosts, fetch });
    const plain = { accept: "*/*", "accept-encoding": "identity" };
    expect(headers).toEqual([plain, plain]);
  });
});
