/** Remembers the newest `size` items. */
export interface Ring<T> {
  /** Takes an item in and answers the one that had to go. */
  push(item: T): T | undefined;
}

export function createRing<T>(size: number): Ring<T> {
  const items: T[] = [];
  let next = 0;
  return {
    push(item) {
      const gone = items[next];
      items[next] = item;
      next = (next + 1) % size;
      return gone;
    },
  };
}
