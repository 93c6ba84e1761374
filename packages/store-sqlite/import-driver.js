/**
 * Imports a module by a name that is known at run time only. The comments keep bundlers away from it.
 * This is no TypeScript: its compiler would move the argument, and the comments, into a call.
 */
export const importDriver = (name) =>
  import(/* webpackIgnore: true */ /* turbopackIgnore: true */ /* @vite-ignore */ name);
