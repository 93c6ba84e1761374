import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { notWell, toLine } from "../errors.ts";

/** A driver that was found. */
export interface Driver {
  readonly name: string;
  /** An export of the driver's module, CommonJS or ESM. */
  pick(exported: string): unknown;
}

/**
 * Imports the first driver that works. It looks in the user's project first, then beside this program.
 *
 * @param check throws when a driver that was found does not work here.
 * @throws AbstraktWebhookError that says why installed drivers do not work, and which one to install.
 */
export async function loadDriver(
  backend: string,
  names: readonly string[],
  cwd: string,
  check: (driver: Driver) => void = () => undefined,
): Promise<Driver> {
  const broken: string[] = [];
  for (const name of names) {
    try {
      const driver = toDriver(name, await import(locate(name, cwd)));
      check(driver);
      return driver;
    } catch (thrown) {
      if (!isMissing(thrown, name)) broken.push(` (${name}: ${toLine(thrown)})`);
    }
  }
  const wanted = names.find((name) => !name.startsWith("node:"));
  const works = broken.length > 0 ? ` that works${broken.join("")}` : "";
  throw notWell(
    `Expected a driver for ${backend} in ${cwd}, got none${works}. Run this command in the folder of your project, or run \`npm install ${wanted}\` here.`,
  );
}

/** The module's file in the user's project, or its name when the project has none. */
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
  // Not a module which the driver itself needs, such as `@libsql/linux-x64-gnu`.
  return unknown.includes(code) && message.includes(name.startsWith("node:") ? name : `'${name}'`);
}
