import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { describeInChromium, startBrowser, type Browser, type WatchedPage } from "./browser.ts";
import { fill, servePage, type PageServer } from "./scenario.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PATHS = [
  "",
  "?q=state:dead",
  "?q=nothing",
  "/jobs/job_51c0ffee",
  "/jobs/job_4d5e6f70",
  "/jobs/none",
];
const PHONE = { width: 360, height: 740 };
const DESK = { width: 1280, height: 800 };

describeInChromium("in Chromium, the looks", () => {
  let browser: Browser;
  let server: PageServer;
  let page: WatchedPage;
  beforeAll(async () => {
    browser = await startBrowser();
    server = await servePage({ replay: true });
    await fill(server);
  });
  beforeEach(async () => void (page = await browser.open(`${server.origin}/webhooks`)));
  afterEach(() => page.close());
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  const background = () =>
    page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);

  it("are light or dark like the system", async () => {
    await page.emulateMedia({ colorScheme: "light" });
    const light = await background();
    await page.emulateMedia({ colorScheme: "dark" });
    expect(light).toBe("rgb(251, 251, 250)");
    expect(await background()).toBe("rgb(20, 21, 23)");
  });

  it("show no animation to people who want less motion", async () => {
    const animation = () =>
      page
        .locator(".chip")
        .first()
        .evaluate((chip) => getComputedStyle(chip).animationName);
    await page.evaluate(() => (document.documentElement.dataset["live"] = ""));
    expect(await animation()).toBe("arrive");
    await page.emulateMedia({ reducedMotion: "reduce" });
    expect(await animation()).toBe("none");
  });

  it.each(PATHS)("fit the width of a phone: %s", async (path) => {
    await page.setViewportSize(PHONE);
    await page.goto(`${server.origin}/webhooks${path}`);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBe(0);
  });

  it.each(
    PATHS.flatMap((path) =>
      (["light", "dark"] as const).flatMap((colorScheme) =>
        [PHONE, DESK].map((size) => [path, colorScheme, size] as const),
      ),
    ),
  )("are without a finding of axe-core: %s %s %o", async (path, colorScheme, size) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize(size);
    await page.goto(`${server.origin}/webhooks${path}`);
    // The debugger adds the script, because the page's own policy would refuse it.
    const debug = await page.context().newCDPSession(page);
    await debug.send("Runtime.evaluate", { expression: axe });
    const { violations, passes } = await page.evaluate(() =>
      (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
    );
    expect(passes.length).toBeGreaterThan(10);
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });
});
