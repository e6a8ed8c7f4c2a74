import { revokedProxy } from './engine';

const throwing = () => {
  throw new Error('hostile');
};

/** Functions of a user that fail in every way one can. */
export const hostileCalls: Record<string, () => unknown> = {
  'that throws': throwing,
  'that throws nothing': () => {
    throw undefined;
  },
  'that rejects': () => Promise.reject(new Error('hostile')),
  'that returns a thenable that rejects': () => ({
    then: (_: unknown, reject: (reason: unknown) => void) => {
      reject(new Error('hostile'));
    },
  }),
  'that returns a thenable that throws': () => ({ then: throwing }),
  'that returns a thenable that cannot be read': () => Object.defineProperty({}, 'then', { get: throwing }),
  'that returns a revoked proxy': () => revokedProxy(),
};
