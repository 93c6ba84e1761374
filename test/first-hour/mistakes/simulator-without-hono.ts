import { createSimulator } from "@abstrakt-webhooks/testing/simulator";

const simulator = createSimulator();
const baseUrl = await simulator.listen();
console.log(baseUrl);
