import { afterAll, beforeAll, expect, it } from "vitest";
import { CORPORATE_HOST, describeInChromium, startBrowser, type Browser } from "./browser.ts";
import { picture, servePage } from "./scenario.ts";

describeInChromium("in Chromium, over http at a host that is not loopback", () => {
  let browser: Browser;
  beforeAll(async () => void (browser = await startBrowser()));
  afterAll(() => browser?.close());

  it("the buttons of the page work", async () => {
    const server = await servePage();
    server.breakJob("job_1", true);
    await server.deliver(picture(server.origin, "job_1"));
    await expect.poll(async () => (await server.receiver.stats()).dead).toBe(1);
    server.breakJob("job_1", false);
    const { port } = new URL(server.origin);
    const page = await browser.open(`http://${CORPORATE_HOST}:${port}/webhooks/jobs/job_1`);
    expect(await page.evaluate(() => isSecureContext)).toBe(false);
    const sent = page.waitForRequest((request) => request.method() === "POST");
    await page.getByRole("button", { name: "Redrive" }).click();
    expect(await (await sent).headerValue("sec-fetch-site")).toBeNull();
    await page.locator(".note", { hasText: "Redriven" }).waitFor();
    await page.locator(".facts .state.done").waitFor();
    // The browser itself prints that it uses this header over https only.
    const isNew = (problem: string) => !problem.includes("Cross-Origin-Opener-Policy");
    expect((await page.problems()).filter(isNew)).toEqual([]);
    await page.close();
    await server.close();
  });
});
