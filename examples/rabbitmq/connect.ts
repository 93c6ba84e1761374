import { connect, type ChannelModel, type ConfirmChannel } from "amqplib";

const { AMQP_URL = "amqp://localhost", QUEUE = "abstrakt-results" } = process.env;

export { QUEUE };

/** Connects, and connects again after the connection is lost. Calls `use` after each connect. */
export async function connectToQueue(use: (channel: ConfirmChannel) => Promise<void>) {
  const connection = await connect(AMQP_URL, {
    timeout: 3_000,
    recovery: {
      maxDelay: 2_000,
      setup: async (model: ChannelModel) => {
        model.on("error", logError);
        const channel = await model.createConfirmChannel();
        channel.on("error", logError);
        await declareQueue(channel);
        await use(channel);
      },
    },
  });
  connection.on("error", logError);
  return connection;
}

/** Creates the queue if it does not exist. A quorum queue is on the disks of most nodes. */
export const declareQueue = (channel: ConfirmChannel) =>
  channel.assertQueue(QUEUE, { arguments: { "x-queue-type": "quorum" } });

const logError = ({ message }: Error): void => console.error(`RabbitMQ: ${message}`);
