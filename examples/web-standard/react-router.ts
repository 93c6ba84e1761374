// app/routes/api.abstrakt-webhook.ts
import type { ActionFunctionArgs } from "./frameworks.ts"; // in an app from "react-router"
import { receiver } from "./receiver.ts";

export const action = ({ request }: ActionFunctionArgs): Promise<Response> =>
  receiver.fetch(request);
