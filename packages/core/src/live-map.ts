/**
 * A map whose entries come and go with each delivery.
 *
 * V8 often replaces the table of a `Map` from which entries are deleted. Until the next full garbage
 * collection, an old table keeps its keys and values alive. The values of this map are not in its
 * table.
 */
export interface LiveMap<Value> {
  size(): number;
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
  delete(key: string): void;
}

export function createLiveMap<Value>(): LiveMap<Value> {
  const placeByKey = new Map<string, number>();
  const values: (Value | undefined)[] = [];
  const freePlaces: number[] = [];
  return {
    size: () => placeByKey.size,
    get(key) {
      const place = placeByKey.get(key);
      return place === undefined ? undefined : values[place];
    },
    set(key, value) {
      const place = placeByKey.get(key) ?? freePlaces.pop() ?? values.length;
      placeByKey.set(key, place);
      values[place] = value;
    },
    delete(key) {
      const place = placeByKey.get(key);
      if (place === undefined) return;
      placeByKey.delete(key);
      values[place] = undefined;
      freePlaces.push(place);
    },
  };
}
