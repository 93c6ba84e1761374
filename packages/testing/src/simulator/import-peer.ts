import { AbstraktWebhookError } from "@abstrakt-webhooks/core";

/**
 * Imports an optional peer by `load`. Only the simulator needs `hono` and `@hono/node-server`, so
 * the package does not depend on them.
 *
 * @throws AbstraktWebhookError `unsupported` if it is missing. The message says how to install it.
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
