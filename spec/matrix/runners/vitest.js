import { it, vi } from 'vitest';

const spyOn = (orders) => {
  // `vi.spyOn` calls the accessor that the entry is under experimentalDecorators without its instance.
  const isOwn = Object.hasOwn(orders, 'handle');
  const spy = isOwn ? vi.spyOn(orders, 'handle') : (orders.handle = vi.fn(orders.handle));
  return () => spy.mock.calls.length;
};

export { it, spyOn };
