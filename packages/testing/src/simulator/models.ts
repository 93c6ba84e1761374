import type { MediaType } from "../payloads.ts";

/** The data of a simulated model. */
export interface SimulatedModel {
  readonly media: MediaType;
  readonly credits: number;
}

/** The models that can be run. The first is the one in the provider's documentation. */
export const simulatedModels: Readonly<Record<string, SimulatedModel>> = {
  "nano-banana-pro-edit": { media: "image", credits: 1 },
  "simulated-image": { media: "image", credits: 1 },
  "simulated-video": { media: "video", credits: 10 },
  "simulated-audio": { media: "audio", credits: 2 },
};

/** Finds a model by the name in the URL. */
export const findModel = (name: string): SimulatedModel | undefined =>
  Object.hasOwn(simulatedModels, name) ? simulatedModels[name] : undefined;
