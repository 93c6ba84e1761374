// routes/api/abstrakt-webhook.post.ts
import { defineHandler } from "h3"; // in Nitro 3 from "nitro/h3"
import { receiver } from "./receiver.ts";

export default defineHandler((event) => receiver.fetch(event.req, event));
