// A module whose import has effects that our packages must not have.
import { createServer } from "node:http";

export const secret = process.env.SECRET;
setTimeout(() => {}, 1).unref();
export const server = createServer().listen(0, "127.0.0.1");
