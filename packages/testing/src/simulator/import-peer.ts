import { AbstraktWebhookError } from "@abstrakt-webhooks/core";

/**
 * The modules that `load` imports, or an error that says how to install what is missing: `hono` and
 * `@hono/node-server` are needed by the simulator alone, so the package does not bring them.
 *
 * @throws AbstraktWebhookError `unsupported`
 */
export async function importPeer<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new AbstraktWebhookError(
      "unsupported",
      `Expected \`${name}\` to be installed, because the simulator needs it. Run: npm install --save-dev hono @hono/node-server`,
      { cause },
    );
  }
}
