import { expect, it } from "vitest";
import { createDueHeap, type Due } from "../../src/store/memory/due-heap.ts";

import fc from "fast-check";

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

// The table moves each row between two heaps: it removes the row from both, then adds it to one.
it("each of two heaps with shared items gives its own earliest item", () => {
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
    { numRuns: 500 },
  );
});

it("a heap stays in order when items leave from anywhere", () => {
  const dueTimes = fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 40, maxLength: 120 });
  fc.assert(
    fc.property(dueTimes, fc.infiniteStream(fc.nat()), (dues, picks) => {
      const heap = createDueHeap<Item>();
      const inside = dues.map((dueAtMs, id): Item => ({ id, dueAtMs, heapIndex: -1 }));
      for (const item of inside) heap.push(item);
      for (let count = 0; count < 30; count += 1) {
        const index = Number(picks.next().value) % inside.length;
        for (const item of inside.splice(index, 1)) heap.remove(item);
      }
      const drained: number[] = [];
      for (let next = heap.peek(); next; next = heap.peek()) {
        heap.remove(next);
        drained.push(next.dueAtMs);
      }
      expect(drained).toEqual(inside.map((item) => item.dueAtMs).sort((a, b) => a - b));
    }),
    { numRuns: 500 },
  );
});
