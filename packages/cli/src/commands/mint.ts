import { defineCommand, required, withDefault } from "../definition/command.ts";
import { duration, signingSecret } from "../definition/values.ts";
import { SECRET_VARIABLE, sign } from "../delivery/sign.ts";
import { endpoint, signing } from "./options.ts";

/** Prints a signed URL. */
export const mintCommand = defineCommand({
  name: "mint",
  summary: "Print a signed webhook_url",
  details: "Anybody who has the URL can deliver the result of one job, until the URL expires.",
  args: { url: endpoint },
  options: {
    secret: required(signingSecret, "The secret of your `signedUrl`.", { env: SECRET_VARIABLE }),
    ref: signing.ref,
    expires: withDefault(duration, "7d", "How long the URL is valid."),
  },
  examples: [
    "mint https://app.example.com/api/abstrakt-webhook --ref order-42",
    "mint http://localhost:3000/api/abstrakt-webhook --expires 15m",
  ],
  async run({ url, secret, ref, expires }, { output }) {
    const signed = await sign(url, { secret, ref, expiresInMs: expires });
    output.result({ url: signed }, signed);
    return true;
  },
});
