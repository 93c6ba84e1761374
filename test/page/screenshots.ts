import { fileURLToPath } from "node:url";
import { startBrowser } from "./browser.ts";
import { fill, servePage } from "./scenario.ts";

/** Writes the screenshots of the inspector's README. */
const folder = fileURLToPath(new URL("../../docs/images/", import.meta.url));
const server = await servePage({ replay: true });
await fill(server);
const browser = await startBrowser();
const page = await browser.open(`${server.origin}/webhooks`);
const shoot = async (name: string, path: string, colorScheme: "light" | "dark"): Promise<void> => {
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
  await page.goto(`${server.origin}/webhooks${path}`);
  await page.locator("#link.live").waitFor();
  await page.screenshot({ path: `${folder}inspector-${name}.png` });
};
await shoot("front", "", "light");
await page.setViewportSize({ width: 1280, height: 900 });
await shoot("job", "/jobs/job_51c0ffee", "dark");
await page.setViewportSize({ width: 390, height: 760 });
await shoot("phone", "", "light");
await browser.close();
await server.close();
