import type { Terminal } from "../terminal.ts";

const CONTROL_C = "\u0003";
const CONTROL_D = "\u0004";

/**
 * Calls `press` for each key and resolves when the user types `q` or Control-C, or interrupts the
 * program. Without a terminal there are no keys.
 */
export async function readKeys(
  { stdin, interrupted }: Terminal,
  press: (key: string) => void,
): Promise<void> {
  const isTerminal = stdin.isTTY === true && stdin.setRawMode !== undefined;
  await new Promise<void>((resolve) => {
    const end = (): void => {
      stdin.off("data", take);
      if (isTerminal) stdin.setRawMode?.(false);
      stdin.pause();
      resolve();
    };
    const take = (typed: Uint8Array | string): void => {
      for (const key of Buffer.from(typed).toString()) {
        if (["q", CONTROL_C, CONTROL_D].includes(key)) end();
        else press(key);
      }
    };
    if (interrupted.aborted) return resolve();
    interrupted.addEventListener("abort", end, { once: true });
    if (!isTerminal) return;
    stdin.setRawMode?.(true);
    stdin.on("data", take);
    stdin.resume();
  });
}
