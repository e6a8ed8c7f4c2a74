import Module from 'node:module';

import sinon from 'sinon';

/** Has a package be missing until `sinon.restore()`; gives the error that loading it throws. */
export function missingPackage(missing: string): Error {
  const loader = Module as unknown as { _load: (name: string, ...rest: unknown[]) => unknown };
  const load = loader._load;
  const error = new Error(`Cannot find module '${missing}'`);
  sinon.replace(loader, '_load', (name, ...rest) => {
    if (name === missing) throw error;
    return load(name, ...rest);
  });
  return error;
}
