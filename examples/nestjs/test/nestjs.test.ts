import "reflect-metadata";
import type { CanActivate, DynamicModule, ExecutionContext } from "@nestjs/common";
import { APP_GUARD, NestFactory, Reflector } from "@nestjs/core";
import { ExpressAdapter, type NestExpressApplication } from "@nestjs/platform-express";
import { FastifyAdapter } from "@nestjs/platform-fastify";
import { it, onTestFinished } from "vitest";
import { expectEveryAnswer, recordingReceiver } from "../../../test/support/expect-every-answer.ts";
import { expectExampleRuns } from "../../../test/support/expect-example-runs.ts";
import { WebhookController as OnExpress } from "../express.controller.ts";
import { WebhookController as OnFastify } from "../fastify.controller.ts";
import { IS_PUBLIC } from "../public.ts";
import { RECEIVER } from "../receiver.ts";
import { WebhookModule } from "../webhook.module.ts";

/** A global guard that refuses every route but a public one. */
class Guard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return new Reflector().get<boolean | undefined>(IS_PUBLIC, context.getHandler()) === true;
  }
}

const adapters = { Express: () => new ExpressAdapter(), Fastify: () => new FastifyAdapter() };
const controllers = { Express: OnExpress, Fastify: OnFastify };

/** The origin of an app with the guard and the prefix `api`, and what its callback has handled. */
async function start(
  platform: keyof typeof adapters,
  mount: "middleware" | "controller",
  options: { rawBody?: boolean; bodyParser?: boolean },
) {
  const recording = recordingReceiver();
  const provider = { provide: RECEIVER, useValue: recording.receiver };
  const root: DynamicModule = {
    module: class AppModule {},
    providers: [{ provide: APP_GUARD, useClass: Guard }, provider],
    ...(mount === "controller"
      ? { controllers: [controllers[platform]] }
      : { imports: [WebhookModule.register(provider)] }),
  };
  const app = await NestFactory.create<NestExpressApplication>(root, adapters[platform](), {
    ...options,
    logger: false,
  });
  app.setGlobalPrefix("api");
  if (platform === "Express" && options.bodyParser !== false) {
    app.useBodyParser("json", { limit: "256kb" });
  }
  onTestFinished(() => app.close());
  await app.listen(0, "127.0.0.1");
  return { recording, origin: await app.getUrl() };
}

it.each([
  ["Express", "middleware", {}],
  ["Express", "middleware", { rawBody: true }],
  ["Express", "middleware", { bodyParser: false }],
  ["Express", "controller", {}],
  ["Express", "controller", { rawBody: true }],
  ["Express", "controller", { bodyParser: false }],
  ["Fastify", "middleware", {}],
  ["Fastify", "middleware", { rawBody: true }],
  ["Fastify", "controller", {}],
  ["Fastify", "controller", { rawBody: true }],
] as const)("gives every answer on %s as a %s: %o", async (platform, mount, options) => {
  const { origin, recording } = await start(platform, mount, options);
  await expectEveryAnswer(origin, recording, 404);
});

it("runs", () => expectExampleRuns(import.meta.url));
