import { Module } from "@nestjs/common";
import { receiverProvider } from "./receiver.ts";
import { WebhookModule } from "./webhook.module.ts";

/** The application: add your own modules here. */
@Module({ imports: [WebhookModule.register(receiverProvider)] })
export class AppModule {}
