import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { notWell, toLine } from "../errors.ts";

/** A driver that was found. */
export interface Driver {
  readonly name: string;
  /** An export of the driver's module, be it CommonJS or not. */
  pick(exported: string): unknown;
}

/**
 * Imports the first driver that works: of the user's project, else of this program.
 *
 * @param check throws when a driver that was found does not work here.
 * @throws AbstraktWebhookError that names what to install, and why each of `names` did not serve.
 */
export async function loadDriver(
  backend: string,
  names: readonly string[],
  cwd: string,
  check: (driver: Driver) => void = () => undefined,
): Promise<Driver> {
  const reasons: string[] = [];
  for (const name of names) {
    try {
      const driver = toDriver(name, await import(locate(name, cwd)));
      check(driver);
      return driver;
    } catch (thrown) {
      reasons.push(`${name}: ${isMissing(thrown, name) ? "not installed" : toLine(thrown)}`);
    }
  }
  const wanted = names.filter((name) => !name.startsWith("node:"));
  throw notWell(
    `Expected a driver for ${backend}, got none (${reasons.join("; ")}). Run \`npm install ${wanted[0]}\` in your project.`,
  );
}

/** Where the user's project has a module; else its name, which this program resolves itself. */
function locate(name: string, cwd: string): string {
  try {
    const path = createRequire(join(cwd, "package.json")).resolve(name);
    return path.startsWith("node:") ? path : pathToFileURL(path).href;
  } catch {
    return name;
  }
}

function toDriver(name: string, module: unknown): Driver {
  const exports = module as Record<string, unknown>;
  const inner = (exports["default"] ?? {}) as Record<string, unknown>;
  return { name, pick: (exported) => exports[exported] ?? inner[exported] };
}

function isMissing(thrown: unknown, name: string): boolean {
  const { code = "", message } = thrown as NodeJS.ErrnoException;
  const unknown = ["ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND", "ERR_UNKNOWN_BUILTIN_MODULE"];
  return unknown.includes(code) && message.includes(name);
}
