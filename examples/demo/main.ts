import { readArguments, USAGE } from "./arguments.ts";
import { runDemo } from "./demo.ts";
import { keepUp } from "./keep-up.ts";
import { createPaint } from "./paint.ts";

const args = readArguments(process.argv.slice(2));
if (typeof args === "string") {
  console.error(`${args}\n\n${USAGE}`);
  process.exit(2);
}
if (args.help) {
  console.log(USAGE);
  process.exit(0);
}
process.exitCode = await runDemo({
  ...(args.seed !== undefined && { seed: args.seed }),
  paint: createPaint(process.stdout.isTTY && process.env["NO_COLOR"] === undefined),
  write: (line) => console.log(line),
  ...(args.keep && { keepUp }),
});
