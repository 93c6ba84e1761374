import fc from "fast-check";
import { expect, it } from "vitest";
import { createDueHeap, type Due } from "../../src/store/memory/due-heap.ts";

interface Item extends Due {
  readonly id: number;
}

const COUNT = 12;
const command = fc.record({
  id: fc.nat(COUNT - 1),
  heap: fc.constantFrom(0, 1),
  dueAtMs: fc.nat(6),
  to: fc.constantFrom("place", "remove"),
});

// The table moves each row between two heaps, and removes it from both before it places it in one.
it("two heaps that share items each give the earliest of their own", () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 80 }), (commands) => {
      const heaps = [createDueHeap<Item>(), createDueHeap<Item>()] as const;
      const sets = [new Set<Item>(), new Set<Item>()] as const;
      const items = Array.from({ length: COUNT }, (_, id): Item => ({
        id,
        dueAtMs: 0,
        heapIndex: -1,
      }));
      for (const { id, heap, dueAtMs, to } of commands) {
        const item = items[id];
        if (item === undefined) throw new RangeError(`There is no item ${id}.`);
        for (const index of [0, 1] as const) {
          heaps[index].remove(item);
          sets[index].delete(item);
        }
        expect(item.heapIndex).toBe(-1);
        if (to === "place") {
          item.dueAtMs = dueAtMs;
          heaps[heap].push(item);
          sets[heap].add(item);
        }
        for (const index of [0, 1] as const) {
          const earliest = Math.min(...[...sets[index]].map((member) => member.dueAtMs));
          expect(heaps[index].peek()?.dueAtMs ?? Infinity).toBe(earliest);
        }
      }
      for (const index of [0, 1] as const) {
        const drained: Item[] = [];
        for (let next = heaps[index].peek(); next; next = heaps[index].peek()) {
          heaps[index].remove(next);
          drained.push(next);
        }
        expect(new Set(drained)).toEqual(sets[index]);
        expect(drained.map((item) => item.dueAtMs)).toEqual(
          drained.map((item) => item.dueAtMs).sort((a, b) => a - b),
        );
      }
    }),
    { numRuns: 2_000 },
  );
});
