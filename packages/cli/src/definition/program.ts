/** The command that is installed. */
export const BINARY = "abstrakt-webhooks";

/** How people run it. A package with the name of the binary is not ours, so no text names it. */
export const PROGRAM = "npx @abstrakt-webhooks/cli";
