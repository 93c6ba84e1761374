/** An item of the heap. Only the heap sets `heapIndex`. It is -1 for an item in no heap. */
export interface Due {
  dueAtMs: number;
  heapIndex: number;
}

/**
 * An indexed binary heap, with the earliest due first. It removes any item in O(log n). An item is
 * in one heap at a time. Removing it from another heap does nothing.
 */
export interface DueHeap<T extends Due> {
  peek(): T | undefined;
  push(item: T): void;
  remove(item: T): void;
  size(): number;
  /** Its items, in no order. */
  items(): readonly T[];
}

export function createDueHeap<T extends Due>(): DueHeap<T> {
  const items: T[] = [];

  const place = (item: T, index: number): void => {
    items[index] = item;
    item.heapIndex = index;
  };

  // Index arithmetic stays within `items.length`, hence the assertions.
  const siftUp = (item: T): void => {
    let index = item.heapIndex;
    while (index > 0) {
      const parent = items[(index - 1) >> 1] as T;
      if (parent.dueAtMs <= item.dueAtMs) break;
      place(parent, index);
      index = (index - 1) >> 1;
    }
    place(item, index);
  };

  const siftDown = (item: T): void => {
    let index = item.heapIndex;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= items.length) break;
      const right = items[child + 1];
      if (right !== undefined && right.dueAtMs < (items[child] as T).dueAtMs) child += 1;
      const smallest = items[child] as T;
      if (item.dueAtMs <= smallest.dueAtMs) break;
      place(smallest, index);
      index = child;
    }
    place(item, index);
  };

  return {
    peek: () => items[0],
    push(item) {
      place(item, items.length);
      siftUp(item);
    },
    remove(item) {
      // The item may be in no heap, or in another heap. Its index then belongs to that heap.
      if (items[item.heapIndex] !== item) return;
      const last = items.pop() as T;
      if (last !== item) {
        place(last, item.heapIndex);
        siftUp(last);
        siftDown(last);
      }
      item.heapIndex = -1;
    },
    size: () => items.length,
    items: () => items,
  };
}
