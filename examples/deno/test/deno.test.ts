import { fileURLToPath } from "node:url";
import { testExampleOn } from "../../../test/runtimes/test-example.ts";

testExampleOn("deno", fileURLToPath(new URL("..", import.meta.url)));
