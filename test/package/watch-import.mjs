// Imports a module and prints its effects: variables read, timers started, handles opened.
import { setImmediate as turn } from "node:timers/promises";
import { pathToFileURL } from "node:url";

const [module] = process.argv.slice(2);
const environment = [];
const timers = [];

/** The caller; undefined for Node's own loader. */
const reader = () =>
  new Error().stack
    .split("\n")
    .slice(1)
    .find((line) => !line.includes(import.meta.url))
    ?.trim();
const note = (name) => {
  const by = reader();
  if (!/\bnode:internal\//.test(by)) environment.push(`${String(name)} ${by}`);
};
process.env = new Proxy(process.env, {
  get: (target, name) => (note(name), target[name]),
  has: (target, name) => (note(name), name in target),
  ownKeys: (target) => (note("*"), Reflect.ownKeys(target)),
});
for (const name of ["setTimeout", "setInterval", "setImmediate"]) {
  const begin = globalThis[name];
  globalThis[name] = (...given) => (timers.push(name), begin(...given));
}

// Node opens these at their first use.
void [process.stdin, process.stdout, process.stderr];
const before = process.getActiveResourcesInfo();
await import(pathToFileURL(module));
await turn();
const resources = process.getActiveResourcesInfo();
for (const one of before) if (resources.includes(one)) resources.splice(resources.indexOf(one), 1);
process.stdout.write(JSON.stringify({ environment, timers, resources }), () => process.exit());
