import type { Breach, Resource } from '../model';

/** Records are lost or refused, or AWS refuses what is written. */
export function error(message: string, fix: string, at?: Resource): Breach {
  return { severity: 'error', message, fix, at };
}

/** What AWS advises is not done, and records are lost or held up under load. */
export function warning(message: string, fix: string, at?: Resource): Breach {
  return { severity: 'warning', message, fix, at };
}

/** It could be better. */
export function hint(message: string, fix: string, at?: Resource): Breach {
  return { severity: 'hint', message, fix, at };
}
