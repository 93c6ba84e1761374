import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

/** The function that a host runs. */
export interface Setup {
  /** The folder of the store and of the list of callbacks that have ended. */
  readonly folder: string;
  readonly ack: "stored" | "handled";
  /** The callback never ends. */
  readonly cutOff: boolean;
  /** Milliseconds that its clocks are ahead of the machine's. */
  readonly aheadMs: number;
}

export type Invocation = { readonly deliver: string } | "tick" | "warnings";

/** Runs only during a call: it is frozen from its answer to the next call. */
export interface Host {
  invoke(invocation: Invocation): Promise<unknown>;
  /** Ends the frozen function. */
  reclaim(): Promise<void>;
}

const script = fileURLToPath(new URL("function.ts", import.meta.url));
const execArgv = ["--import", "tsx", "--conditions=@abstrakt-webhooks/source"];

export function startHost(setup: Setup): Host {
  const child: ChildProcess = fork(script, [JSON.stringify(setup)], { execArgv });
  onTestFinished(() => void child.kill("SIGKILL"));
  return {
    async invoke(invocation) {
      child.kill("SIGCONT");
      child.send(invocation);
      const [answer] = (await once(child, "message")) as [unknown];
      child.kill("SIGSTOP");
      return answer;
    },
    async reclaim() {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
}
