// A module that does at import what none of ours may.
import { createServer } from "node:http";

export const secret = process.env.SECRET;
setTimeout(() => {}, 1).unref();
export const server = createServer().listen(0, "127.0.0.1");
