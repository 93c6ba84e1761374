import { readArguments } from "./arguments.ts";
import { runDemo } from "./demo.ts";
import { keepUp } from "./keep-up.ts";
import { createPaint } from "./paint.ts";

const args = readArguments(process.argv.slice(2));
if (typeof args === "string") {
  console.error(`${args}\nUsage: demo [--seed N] [--keep]`);
  process.exit(2);
}
const onTerminal = process.stdout.isTTY;
process.exitCode = await runDemo({
  ...(args.seed !== undefined && { seed: args.seed }),
  paint: createPaint(onTerminal && process.env["NO_COLOR"] === undefined),
  write: (line) => console.log(line),
  // Without a terminal there is nobody to press Ctrl-C.
  ...(args.keep && onTerminal && { keepUp }),
});
