import type { HandlerContext, JobResult } from "@abstrakt-webhooks/core";
import { sleep } from "../sleep.ts";
import type { AdapterSetup } from "./setup.ts";

type Callback = (job: JobResult, ctx: HandlerContext) => void | Promise<void>;

const never = new Promise<never>(() => undefined);

/** Makes the callback that `setup.callback` names. */
export function createCallback(setup: AdapterSetup, released: Promise<void>): Callback {
  switch (setup.callback ?? "ok") {
    case "ok":
      return () => undefined;
    case "throw":
      return () => {
        throw new Error("the callback throws");
      };
    case "reject":
      return () => Promise.reject(new Error("the callback rejects"));
    case "reject-undefined":
      return () => Promise.reject();
    case "throw-string":
      return () => {
        throw "the callback throws a string";
      };
    case "hang":
      return () => never;
    case "held":
      return () => released;
    case "slow":
      return () => sleep(setup.slowMs ?? 0);
    case "fail-once":
      return async (_job, { attempt }) => {
        if (attempt === 1) throw new Error("the callback fails once");
      };
  }
}
