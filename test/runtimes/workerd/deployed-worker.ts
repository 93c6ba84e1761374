import { app } from "./deployed-app.ts";

export default app;
