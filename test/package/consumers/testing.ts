import {
  createManualClock,
  deliver,
  runStoreSuite,
  succeededPayload,
} from "@abstrakt-webhooks/testing";
import { createSimulator } from "@abstrakt-webhooks/testing/simulator";

createSimulator({ seed: 1 });
createManualClock();
succeededPayload();
deliver satisfies (...given: never[]) => unknown;
runStoreSuite satisfies (...given: never[]) => unknown;
