import { wrongUse } from "./errors.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Asks a question on a terminal.
 *
 * @throws AbstraktWebhookError `invalid_options` where there is no terminal to ask on.
 */
export async function confirm(question: string, { stdin, stderr }: Terminal): Promise<boolean> {
  if (stdin.isTTY !== true) {
    throw wrongUse(
      `Expected \`--yes\`, got nothing, and there is no terminal to ask on: ${question}`,
    );
  }
  stderr.write(`${question} [y/N] `);
  const answer = await new Promise<string>((resolve) => {
    const take = (typed: Uint8Array | string): void => {
      stdin.off("data", take);
      stdin.pause();
      resolve(String(Buffer.from(typed)));
    };
    stdin.on("data", take);
    stdin.resume();
  });
  return /^y(es)?$/i.test(answer.trim());
}
