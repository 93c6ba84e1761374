/** The command that is installed. */
export const BINARY = "abstrakt-webhooks";

/** How people run it. The binary's name alone is not a package of ours, so `npx` must not get it. */
export const PROGRAM = "npx @abstrakt-webhooks/cli";
