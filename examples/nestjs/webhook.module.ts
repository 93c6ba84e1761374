import { abstraktWebhook, type Receiver } from "@abstrakt-webhooks/express";
import {
  Inject,
  Module,
  RequestMethod,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type MiddlewareConsumer,
  type NestModule,
  type OnApplicationBootstrap,
  type Provider,
} from "@nestjs/common";
import { RECEIVER } from "./receiver.ts";

/** Mounts the receiver as a middleware: on Express and on Fastify, under the global prefix. */
@Module({})
export class WebhookModule
  implements NestModule, OnApplicationBootstrap, BeforeApplicationShutdown
{
  /** Makes the module with a provider of `RECEIVER`. */
  static register(provider: Provider<Receiver>): DynamicModule {
    return { module: WebhookModule, providers: [provider], exports: [RECEIVER] };
  }

  readonly #receiver: Receiver;

  constructor(@Inject(RECEIVER) receiver: Receiver) {
    this.#receiver = receiver;
  }

  configure(consumer: MiddlewareConsumer): void {
    const route = { path: "abstrakt-webhook", method: RequestMethod.POST };
    consumer.apply(abstraktWebhook(this.#receiver)).forRoutes(route);
  }

  onApplicationBootstrap(): void {
    this.#receiver.start();
  }

  /** Nest calls it on SIGTERM while the server still answers. */
  async beforeApplicationShutdown(): Promise<void> {
    const { lost } = await this.#receiver.drain();
    if (lost > 0) console.error(`${lost} accepted results were not handled`);
  }
}
