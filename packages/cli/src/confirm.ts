import { wrongUse } from "./errors.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Asks the user a question. The end of the input, as Control-D makes it, is a no.
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
    const settle = (typed: string): void => {
      stdin.off("data", take);
      stdin.off("end", end);
      stdin.pause();
      resolve(typed);
    };
    const take = (typed: Uint8Array | string): void => settle(String(Buffer.from(typed)));
    const end = (): void => {
      stderr.write("\n"); // Nobody has typed one.
      settle("");
    };
    stdin.on("data", take);
    stdin.on("end", end);
    stdin.resume();
  });
  return /^y(es)?$/i.test(answer.trim());
}
