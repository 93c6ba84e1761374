import { testBundled } from "./bundled.ts";

await testBundled("--webpack");
