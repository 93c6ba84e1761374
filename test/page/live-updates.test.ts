import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { describeInChromium, startBrowser, type Browser, type WatchedPage } from "./browser.ts";
import { failedPayload } from "@abstrakt-webhooks/testing";
import { picture, servePage, type PageServer } from "./scenario.ts";

describeInChromium("in Chromium, the page", () => {
  let browser: Browser;
  let server: PageServer;
  let page: WatchedPage;
  beforeAll(async () => void (browser = await startBrowser()));
  afterAll(() => browser?.close());
  beforeEach(async () => {
    server = await servePage({ replay: true });
    page = await browser.open(`${server.origin}/webhooks`);
  });
  afterEach(async () => {
    expect(await page.problems()).toEqual([]);
    await page.close();
    await server.close();
  });

  const rows = () => page.locator("tbody tr");
  const row = (jobId: string) => page.locator(`[id="job-${jobId}"]`);

  it("shows a result that arrives without a reload, and the number of further ones", async () => {
    await page.evaluate(() => Object.assign(globalThis, { notReloaded: true }));
    await server.deliver(picture(server.origin, "job_1"));
    await row("job_1").getByText("done").waitFor();
    await server.deliver(picture(server.origin, "job_2"));
    await server.deliver(picture(server.origin, "job_3"));
    await page.getByRole("status").getByText("2 new").waitFor();
    expect(await rows().count()).toBe(1);
    expect(await page.evaluate(() => "notReloaded" in globalThis)).toBe(true);
    await page.keyboard.press("r");
    await row("job_3").waitFor();
    expect(await rows().count()).toBe(3);
  });

  it("shows a duplicate and a conflict on their job's row, with focus and scrolling kept", async () => {
    await server.deliver(picture(server.origin, "job_1"));
    await row("job_1").getByText("done").waitFor();
    await row("job_1").getByRole("link").focus();
    await page.locator("#q").evaluate((box: HTMLInputElement) => (box.value = "half a wo"));
    expect(await server.deliver(picture(server.origin, "job_1"))).toMatchObject({
      duplicate: true,
    });
    await row("job_1").getByText("+1 duplicate").waitFor();
    expect(await server.deliver(failedPayload({ job_id: "job_1" }))).toMatchObject({
      conflict: true,
    });
    await row("job_1").getByText("conflict", { exact: true }).waitFor();
    expect(await rows().count()).toBe(1);
    expect(server.calls("job_1")).toBe(1);
    expect(await page.evaluate(() => document.activeElement?.textContent?.trim())).toBe("job_1");
    await row("job_1").getByText("conflict", { exact: true }).click();
    await page.locator(".diff .kept", { hasText: '"succeeded"' }).waitFor();
    await page.locator(".diff .refused", { hasText: '"failed"' }).waitFor();
  });

  it("redrives a dead job, and shows its state until it has ended", async () => {
    server.breakJob("job_1", true);
    await server.deliver(picture(server.origin, "job_1"));
    await page.getByText("1 dead letter", { exact: false }).waitFor();
    await row("job_1").getByRole("link", { name: "job_1" }).click();
    await page.getByText("the archive did not answer").first().waitFor();
    server.breakJob("job_1", false);
    await page.getByRole("button", { name: "Redrive" }).click();
    await page.locator(".note", { hasText: "Redriven" }).waitFor();
    await page.locator(".facts .state.done").waitFor();
    expect(await page.getByRole("button", { name: "Redrive" }).count()).toBe(0);
    expect(server.calls("job_1")).toBe(3);
  });

  it("replays with the same id as a duplicate, and edited with a new id", async () => {
    await server.deliver(picture(server.origin, "job_1"));
    await page.goto(`${server.origin}/webhooks/jobs/job_1`);
    await page.locator("summary", { hasText: "Replay" }).click();
    await page.locator("button#replay").click();
    await page.locator(".timeline li", { hasText: "Replay" }).waitFor();
    await page.locator(".timeline li", { hasText: "Duplicate" }).waitFor();
    expect(server.calls("job_1")).toBe(1);
    await page.locator("summary", { hasText: "Replay" }).click();
    await page.getByLabel("a new id").check();
    const box = page.getByRole("textbox", { name: "Payload" });
    await box.fill((await box.inputValue()).replace('"image"', '"picture"'));
    await page.locator("button#replay").click();
    await page.locator("h1", { hasText: "job_1_replay_" }).waitFor();
    const newId = (await page.locator("h1").textContent()) ?? "";
    await page.locator(".facts .state.done").waitFor();
    expect(server.calls(newId)).toBe(1);
    expect(JSON.stringify(await server.receiver.result(newId))).toContain("signature=s3cr3t-job_1");
  });

  it("filters by its URL and by its search box", async () => {
    server.breakJob("job_2", true);
    for (const id of ["job_1", "job_2"]) await server.deliver(picture(server.origin, id));
    await page.goto(`${server.origin}/webhooks?q=state:dead`);
    await row("job_2").waitFor();
    expect(await rows().count()).toBe(1);
    await page.locator("#q").fill("type:image");
    await page.keyboard.press("Enter");
    await page.getByText("only the loaded jobs are filtered").waitFor();
    expect(new URL(page.url()).searchParams.get("q")).toBe("type:image");
    expect(await rows().count()).toBe(2);
  });

  it("can be used by the keyboard alone", async () => {
    for (const id of ["job_1", "job_2", "job_3"]) await server.deliver(picture(server.origin, id));
    await page.goto(`${server.origin}/webhooks`);
    await row("job_1").waitFor();
    const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim());
    for (const key of ["j", "j", "k", "j"]) await page.keyboard.press(key);
    expect(await focused()).toBe("job_2");
    await page.keyboard.press("/");
    await page.keyboard.type("jkr/");
    expect(await page.locator("#q").inputValue()).toBe("jkr/");
    await page.keyboard.press("Escape");
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.locator("h1", { hasText: "job_3" }).waitFor();
  });

  it("loads a file on a click, and not before", async () => {
    await server.deliver(picture(server.origin, "job_1"));
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(`${server.origin}/webhooks/jobs/job_1`);
    await page.locator("#link.live").waitFor();
    expect(await page.content()).not.toContain("s3cr3t");
    expect(asked.filter((url) => url.includes("/files/"))).toEqual([]);
    await page.getByText("Show image").click();
    await page.waitForFunction(
      () => document.querySelector<HTMLImageElement>(".outputs img")?.naturalWidth === 1,
    );
    expect(asked.filter((url) => url.includes("/files/"))).toHaveLength(1);
  });

  it("copies the payload as curl, with its secrets hidden", async () => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await server.deliver(picture(server.origin, "it's_1"));
    await page.goto(`${server.origin}/webhooks/jobs/it's_1`);
    await page.getByRole("button", { name: "Copy curl" }).click();
    await page.getByText("Copied.").waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toMatch(/^curl -X POST "\$WEBHOOK_URL" .* -d '\{/s);
    expect(copied).toContain("it'\\''s_1");
    expect(copied).not.toContain("s3cr3t");
  });

  it("says that it is no longer live when the receiver has drained", async () => {
    await server.receiver.drain();
    await page.locator("#link.lost").waitFor();
    // The browser itself prints a line for each answer that is not 200.
    expect((await page.problems()).filter((problem) => !/status of 503/.test(problem))).toEqual([]);
    await page.close();
    page = await browser.open(`${(server = await servePage()).origin}/webhooks`);
  });
});
