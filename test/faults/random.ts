export {
  createRandom,
  freshSeed,
  type Random,
} from "../../packages/testing/src/simulator/random.ts";
