import { announce } from '../batch/announce';
import type { Entry } from '../batch/processor';
import type { RecordMethod } from '../batch/reader';
import { present } from './bind';
import { entryFor } from './entry';
import { defineHome, defineOptions, type Home, optionsOf } from './metadata';
import { type CheckedOptions, checkOptions } from './options';

/**
 * The entry of a method with its options kept as metadata: it takes them from there when it first runs, so that what
 * `getBatchHandlerOptions` shows is what runs. What is put there instead until then is checked as it was.
 *
 * @param who is named where those options are wrong
 */
export function homedEntry(
  who: string,
  method: RecordMethod,
  name: string | symbol,
  options: CheckedOptions,
  home: Home,
): Entry {
  const current = (): CheckedOptions => optionsOf(entry, home) ?? options;
  const entry: Entry = entryFor(method, () => {
    const found = current();
    return (home.taken = found === options ? found : checkOptions(who, found));
  });
  present(entry, method, name);
  defineOptions(options, entry);
  defineHome(home, entry);
  announce(entry, current);
  return entry;
}
