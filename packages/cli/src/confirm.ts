import { wrongUse } from "./errors.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Asks the user a question.
 *
 * @throws AbstraktWebhookError `invalid_options` when standard input is not a terminal.
 */
export async function confirm(question: string, { stdin, stderr }: Terminal): Promise<boolean> {
  if (stdin.isTTY !== true) {
    throw wrongUse(
      `Expected \`--yes\`, got nothing. There is no terminal on which to ask: ${question}`,
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
