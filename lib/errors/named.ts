/** Where the prototype of a class of this library has the name of the class. */
export const KIND = Symbol.for('lambda-batch-handler:error');

/** Gives a class its name: not as an own property of errors, and not at the mercy of a minifier. */
export function named(errorClass: { readonly prototype: Error }, name: string): void {
  Object.defineProperty(errorClass, 'name', { value: name, configurable: true });
  Object.assign(errorClass.prototype, { name, [KIND]: name });
}
