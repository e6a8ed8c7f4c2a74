import { reads } from '../reader';
import type { PayloadKind } from '../sources/source';

/** Marks a reader with the kinds of payload that it reads, so that one that does not fit its source is refused early. */
export function reader<R extends (raw: never) => unknown>(kinds: readonly PayloadKind[], read: R): R {
  return Object.assign((raw: never) => read(raw), { [reads]: kinds }) as unknown as R;
}
