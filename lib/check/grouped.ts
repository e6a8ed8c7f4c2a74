/** What has the same key, together: keys in the order in which they come first. */
export function grouped<T, K>(all: Iterable<T>, keyOf: (each: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const each of all) {
    const key = keyOf(each);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [each]);
    else group.push(each);
  }
  return groups;
}

/** The first with each key: of what several choices of conditions give, that of the defaults. */
export function firstOfEach<T>(all: Iterable<T>, keyOf: (each: T) => string): T[] {
  return [...grouped(all, keyOf).values()].map(([first]) => first!);
}
