/** Every case, by which a spec sees that none is missing. */
export const caseNames = [
  'a detached entry keeps its instance and its private fields',
  'an entry is one function, however often it is read',
  'an entry has two parameters and the name of its method',
  'two instances stay apart',
  'the method is given the record, the context and the delivery',
  'a FIFO batch stops at its first failure',
  'a message group stops alone',
  'a stream keeps order within a key, on a static method',
  'a static method that is inherited runs on the subclass',
  'a subclass overrides the method and its options',
  'an override without a decorator calls the entry as super',
  'other decorators stand above and below',
  'the class may be decorated too',
  'fields are initialised as without the decorator, and may read the entry',
  'a collaborator comes in as parameter property',
  'the options of a method are known',
  'an answer goes out before the timeout',
  'the class API answers, and takes hooks',
  'a processor of the wrong kind is refused',
  'a payload is read for the method, and one that cannot be read fails alone',
  'errors are told by class and by name',
  'options and places that are wrong are refused',
  'a simulated queue brings back what failed, until it is dead-lettered',
] as const;

export type CaseName = (typeof caseNames)[number];
