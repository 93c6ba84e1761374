import "reflect-metadata";
import { NestFactory } from "@nestjs/core";
import type { NestExpressApplication } from "@nestjs/platform-express";
import { AppModule } from "./app.module.ts";

const { PORT = "3000" } = process.env;

const app = await NestFactory.create<NestExpressApplication>(AppModule);
app.setGlobalPrefix("api");
app.useBodyParser("json", { limit: "256kb" }); // by default the parser refuses more than 100 kB
app.enableShutdownHooks([], { useProcessExit: true });
await app.listen(PORT);
console.log(`Listening on ${await app.getUrl()}/api/abstrakt-webhook`);
