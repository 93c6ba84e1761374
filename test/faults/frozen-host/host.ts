import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

/** The function that a host runs. */
export interface Setup {
  /** Where the store and the list of callbacks that have ended are. */
  readonly folder: string;
  readonly ack: "stored" | "handled";
  /** The callback never ends. */
  readonly cutOff: boolean;
  /** How far its clocks are ahead of the machine's. */
  readonly aheadMs: number;
}

export type Invocation = { readonly deliver: string } | "tick" | "warnings";

/** Runs only while it is asked: from its answer to the next question it is frozen. */
export interface Host {
  invoke(invocation: Invocation): Promise<unknown>;
  /** Ends the function as it is, frozen. */
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
