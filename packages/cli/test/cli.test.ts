import { describe } from "vitest";
import { dev } from "./suite/dev.ts";
import { help } from "./suite/help.ts";
import { jobs } from "./suite/jobs.ts";
import { trigger } from "./suite/trigger.ts";
import { wrongUse } from "./suite/wrong-use.ts";
import { inProcess } from "./support/in-process.ts";

describe("the command line, run on the sources", () => {
  wrongUse(inProcess);
  trigger(inProcess);
  jobs(inProcess);
  dev(inProcess);
  help(inProcess);
});
