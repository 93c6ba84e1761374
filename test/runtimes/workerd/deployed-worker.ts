import { app } from "./proofs-app.ts";

export default app;
