// Hides the modules that the variable WITHOUT names, as if they were not installed.
import { register } from "node:module";

const hidden = (process.env.WITHOUT ?? "").split(",");
const hooks = `
export function resolve(specifier, context, next) {
  if (!${JSON.stringify(hidden)}.includes(specifier)) return next(specifier, context);
  throw Object.assign(new Error(\`Cannot find package '\${specifier}'\`), { code: "ERR_MODULE_NOT_FOUND" });
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);

if (hidden.includes("crypto")) {
  Object.defineProperty(globalThis, "crypto", { value: undefined });
  process.getBuiltinModule = () => undefined;
}
