import { memoryStore, type MemoryStoreOptions } from "@abstrakt-webhooks/core";

export type Store = ReturnType<typeof memoryStore>;

/** Makes a store with one fault planted in it. */
export type Broken = (options: MemoryStoreOptions) => Store;

/** The store that the faults are planted in. */
export const intact: Broken = (options) => memoryStore({ maxDone: 100, ...options });
