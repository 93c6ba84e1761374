import { optional, required, withDefault } from "../definition/command.ts";
import { httpUrl, oneOf, signingSecret, storeUrl, text } from "../definition/values.ts";
import { SECRET_VARIABLE } from "../delivery/sign.ts";

/** The endpoint that a command sends to. */
export const endpoint = required(httpUrl, "The endpoint of your app.");

/** Sign the endpoint's URL. */
export const signing = {
  secret: optional(signingSecret, "Sign the URL with this secret, as `signedUrl` does.", {
    env: SECRET_VARIABLE,
  }),
  ref: optional(
    text("REF"),
    "Your own value in the signed URL. Your callback gets it as `ctx.ref`.",
  ),
};

/** Names a store. */
export const storeOptions = {
  store: required(storeUrl, "The store: sqlite:FILE, postgres://... or redis://....", {
    env: "ABSTRAKT_STORE",
  }),
  namespace: withDefault(text("NAME"), "abstrakt", "The store's namespace."),
};

/** Selects jobs. */
export const filters = {
  state: optional(
    oneOf(["expected", "pending", "leased", "done", "dead"]),
    "Only jobs in this state.",
  ),
  prefix: optional(text("TEXT"), "Only jobs whose id begins with this text."),
};

/** The kind of a value that is a job's id. */
export const idOfJob = text("ID");
