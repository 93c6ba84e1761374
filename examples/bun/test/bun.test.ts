import { fileURLToPath } from "node:url";
import { testExampleOn } from "../../../test/runtimes/test-example.ts";

testExampleOn("bun", fileURLToPath(new URL("..", import.meta.url)));
