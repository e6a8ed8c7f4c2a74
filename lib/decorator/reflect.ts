// The only import for its side effect, in a file of its own, so that bundlers can leave out all others, and this one with
// those that need it. The lite build shares its state with the full package, whichever is loaded first.
import 'reflect-metadata/lite';

/** The global object, with the functions of reflect-metadata: used by name, so that no bundler drops what adds them. */
export const reflect = Reflect;
