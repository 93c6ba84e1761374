/** Takes the place of receive-on-node.ts on Workers, which need no reader for Node. */
export const receiveOnNode = (): undefined => undefined;
