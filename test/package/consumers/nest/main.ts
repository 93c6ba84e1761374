// A Nest application gets one result and its repeat; prints the answers and the callback's calls.
import "reflect-metadata";
import { abstraktWebhook, createReceiver } from "@abstrakt-webhooks/express";
import { Controller, Module, Post, Req, Res } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import type { Request, Response } from "express";

const handled: string[] = [];
const webhook = abstraktWebhook(
  createReceiver({ auth: "none", onSucceeded: (job) => void handled.push(job.job_id) }),
);

@Controller("hook")
class WebhookController {
  @Post()
  async receive(@Req() request: Request, @Res() response: Response): Promise<void> {
    await webhook(request, response);
  }
}

@Module({ controllers: [WebhookController] })
class AppModule {}

async function main(): Promise<void> {
  const app = await NestFactory.create(AppModule, { logger: ["error"] });
  await app.listen(0, "127.0.0.1");
  const url = `${await app.getUrl()}/hook`;
  const job = { job_id: "job", status: "succeeded", output: { type: "image", items: [] } };
  const headers = { "content-type": "application/json" };
  const answers: unknown[] = [];
  for (let times = 0; times < 2; times += 1) {
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(job) });
    answers.push({ status: response.status, body: await response.json() });
  }
  await webhook.receiver.idle();
  await app.close();
  console.log(JSON.stringify({ answers, handled }));
}

void main();
