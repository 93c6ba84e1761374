import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type BrowserContext, type Page } from "playwright-core";
import { describe } from "vitest";

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);

/** Runs a suite where Debian's Chromium is installed; elsewhere the suite is shown as skipped. */
export const describeInChromium = (name: string, suite: () => void): void => {
  const why = " (skipped: Expected /usr/bin/chromium to exist. Run apt-get install chromium.)";
  describe.skipIf(executablePath === undefined)(executablePath ? name : name + why, suite);
};

/**
 * A name that leads to this machine. To a browser, a loopback address over http is as safe as https,
 * and this name is not: the browser sends no `Sec-Fetch-Site` to it.
 */
export const CORPORATE_HOST = "tools.corp";

/** A browser with an empty profile. */
export interface Browser {
  /** Opens a page and records its problems. */
  open(url: string): Promise<WatchedPage>;
  close(): Promise<void>;
}

/** A page and its problems. */
export type WatchedPage = Page & {
  /** Console errors, policy violations, requests to other hosts, and payload code that ran. */
  problems(): Promise<string[]>;
};

/** Starts Chromium. */
export async function startBrowser(): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), "abstrakt-page-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: executablePath ?? "",
    headless: true,
    viewport: { width: 1280, height: 800 },
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      `--host-resolver-rules=MAP ${CORPORATE_HOST} 127.0.0.1`,
    ],
  });
  context.setDefaultTimeout(15_000);
  // This survives navigation, because the page itself cannot reach the list.
  const violations: string[] = [];
  await context.exposeBinding(
    "reportProblem",
    (_, problem: string) => void violations.push(problem),
  );
  await context.addInitScript(watchInPage);
  return {
    open: (url) => openPage(context, url, violations),
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Runs in the page before the page's own scripts. */
function watchInPage(): void {
  const { reportProblem } = globalThis as unknown as { reportProblem(problem: string): void };
  document.addEventListener("securitypolicyviolation", (event) =>
    reportProblem(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
  );
  Object.assign(globalThis, { sentinel: () => reportProblem("a payload's code ran") });
}

async function openPage(
  context: BrowserContext,
  url: string,
  violations: string[],
): Promise<WatchedPage> {
  violations.length = 0;
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== new URL(url).origin && protocol !== "data:") problems.push(`foreign: ${origin}`);
  });
  page.on("dialog", (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(url);
  await page.locator("#link.live").waitFor();
  return Object.assign(page, {
    async problems() {
      await page.evaluate(() => undefined); // every report of the page has arrived then
      return [...problems, ...violations];
    },
  });
}
