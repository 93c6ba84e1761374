import { abstraktWebhook, signedUrl } from "@abstrakt-webhooks/express";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import express from "express";
import { post, serve } from "./serve.ts";

const url = "https://app.example.com/hook";
const staging = signedUrl({ secrets: ["the secret of staging, 32 characters"], url });
const production = signedUrl({ secrets: ["the secret of production, also 32"], url });

const app = express();
app.post("/hook", abstraktWebhook({ auth: production, onSucceeded: () => undefined }));

const origin = await serve(app);
const minted = await staging.mint();
const { search } = new URL(minted.url);
await post(`${origin}/hook${search}`, succeededPayload({ job_id: "job_1" }));
await post(`${origin}/hook`, succeededPayload({ job_id: "job_2" }));
await post(`${origin}/hook?k=1234`, succeededPayload({ job_id: "job_3" }));
