import { afterAll, beforeAll, expect, it } from "vitest";
import { failedPayload } from "@abstrakt-webhooks/testing";
import { describeInChromium, startBrowser, type Browser } from "./browser.ts";
import { picture, servePage } from "./scenario.ts";

const EVIL = [
  "<script>sentinel()</script>",
  '"><img src=x onerror=sentinel()>',
  "</textarea></pre></title><svg onload=sentinel()>",
  "javascript:sentinel()",
  "{{constructor.constructor('sentinel()')()}}",
];

describeInChromium("in Chromium, hostile payloads", () => {
  let browser: Browser;
  beforeAll(async () => void (browser = await startBrowser()));
  afterAll(() => browser?.close());

  it.each(EVIL)("are shown as text: %s", async (evil) => {
    const server = await servePage({ replay: true, media: "show" });
    await server.receiver.expect(evil, { ref: "order" });
    await server.deliver({
      ...picture(server.origin, evil),
      [evil]: evil,
      output: {
        type: evil,
        items: [
          { type: evil, url: evil },
          { type: "image", url: evil },
        ],
      },
    });
    await server.deliver(failedPayload({ job_id: evil, error: { code: evil, message: evil } }));
    const page = await browser.open(`${server.origin}/webhooks`);
    await page.getByRole("link", { name: evil, exact: true }).click();
    await page.locator("h1", { hasText: evil }).waitFor();
    expect(await page.locator("#payload").textContent()).toContain(JSON.stringify(evil));
    expect(await page.locator(".diff").textContent()).toContain(JSON.stringify(evil));
    expect(await page.problems()).toEqual([]);
    await page.close();
    await server.close();
  });

  it("are shown whole when a prompt has 100 kB", async () => {
    const server = await servePage({ replay: true });
    const prompt = "a very long prompt ".repeat(5_400);
    await server.deliver({ ...picture(server.origin, "job_1"), prompt });
    const page = await browser.open(`${server.origin}/webhooks/jobs/job_1`);
    expect(await page.locator("#payload").textContent()).toContain(prompt);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBe(0);
    expect(await page.problems()).toEqual([]);
    await page.close();
    await server.close();
  });

  it("cause no request to another host, and this check would see one", async () => {
    const server = await servePage({ media: "show" });
    await server.deliver(picture("http://other-host.invalid", "job_1"));
    const page = await browser.open(`${server.origin}/webhooks`);
    expect(await page.problems()).toEqual([]);
    // Only the option `media: "show"`, or a click, loads a file.
    await page.goto(`${server.origin}/webhooks/jobs/job_1`);
    await page.locator(".outputs img").waitFor();
    await expect.poll(() => page.problems()).toContain("foreign: http://other-host.invalid");
    await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "sentinel()";
      document.head.append(script);
    });
    await expect
      .poll(async () => (await page.problems()).some((one) => one.startsWith("policy: script-src")))
      .toBe(true);
    await page.close();
    await server.close();
  });
});
