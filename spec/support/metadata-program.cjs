// Run by spec/decorator/reflect.spec.ts: loads the library (its bundled code comes by stdin) and copies of reflect-metadata
// in the order of its arguments, uses metadata as frameworks do, and prints what came of it.
const { readFileSync } = require('node:fs');

const order = process.argv.slice(2);
let library;

function load(name) {
  if (name === 'library') {
    const module = { exports: {} };
    new Function('module', 'exports', 'require', readFileSync(0, 'utf8'))(module, module.exports, require);
    library = module.exports;
  } else {
    require(name);
  }
  const { defineMetadata, getMetadata, getOwnMetadata, hasOwnMetadata } = Reflect;
  return { defineMetadata, getMetadata, getOwnMetadata, hasOwnMetadata };
}

class Shared {
  method() {}
}

const first = load(order[0]);
first.defineMetadata('early', 'early', Shared);
first.defineMetadata('early', 'early', Shared.prototype, 'method');
const second = order.slice(1).map(load).at(-1) ?? first;
second.defineMetadata('late', 'late', Shared);
second.defineMetadata('late', 'late', Shared.prototype, 'method');
class Fresh {}
first.defineMetadata('by first', 'by first', Fresh);
second.defineMetadata('by second', 'by second', Fresh);

const read = ({ getMetadata, hasOwnMetadata }) => [
  getMetadata('early', Shared),
  getMetadata('early', Shared.prototype, 'method'),
  getMetadata('late', Shared),
  getMetadata('late', Shared.prototype, 'method'),
  getMetadata('by first', Fresh),
  getMetadata('by second', Fresh),
  hasOwnMetadata('early', Shared) && hasOwnMetadata('late', Shared),
];

/** What TypeScript makes of experimental decorators, with `emitDecoratorMetadata`. */
const decorate = (decorators, target, key) => {
  const descriptor = key === undefined ? undefined : Object.getOwnPropertyDescriptor(target, key);
  const result = Reflect.decorate(decorators, target, key, descriptor);
  if (key !== undefined && result) Object.defineProperty(target, key, result);
  return result;
};
const metadata = (key, value) => Reflect.metadata(key, value);

/** As SetMetadata of NestJS. */
const setMetadata = (key, value) => (target, _name, descriptor) => {
  Reflect.defineMetadata(key, value, descriptor ? descriptor.value : target);
  return descriptor ?? target;
};

/** As `injectable` and `inject` of Inversify. */
const injectable = () => (target) => {
  if (Reflect.hasOwnMetadata('inversify:paramtypes', target)) throw new Error('injectable twice');
  Reflect.defineMetadata('inversify:paramtypes', Reflect.getMetadata('design:paramtypes', target) ?? [], target);
  return target;
};
const inject = (identifier) => (target, _key, index) => {
  const tagged = Reflect.hasOwnMetadata('inversify:tagged', target)
    ? Reflect.getMetadata('inversify:tagged', target)
    : {};
  tagged[index] = identifier;
  Reflect.defineMetadata('inversify:tagged', tagged, target);
};

class Repository {}
class Orders {
  constructor(repository) {
    this.repository = repository;
  }
  async handle(record) {
    if (record.body === 'bad' || !(this.repository instanceof Repository)) throw new Error('no');
  }
}
decorate(
  [
    setMetadata('above', 'above'),
    library.BatchHandler({ source: 'SQS', concurrency: 3, logger: { debug() {}, warn() {}, error() {} } }),
    setMetadata('below', 'below'),
    metadata('design:paramtypes', [Object]),
  ],
  Orders.prototype,
  'handle',
);
decorate(
  [
    injectable(),
    setMetadata('controller', 'orders'),
    (target) => inject('Repository')(target, undefined, 0),
    metadata('design:paramtypes', [Repository]),
  ],
  Orders,
);

async function use() {
  const [Type] = Reflect.getMetadata('inversify:paramtypes', Orders);
  const orders = new Orders(new Type());
  const { handle } = orders;
  const event = { Records: ['a', 'bad'].map((body) => ({ messageId: body, body })) };
  return {
    shared: { byFirst: read(first), bySecond: read(second), byReflect: read(Reflect) },
    nest: {
      onEntry: [Reflect.getMetadata('above', handle), Reflect.getMetadata('below', handle)],
      onPrototype: [
        Reflect.getMetadata('above', Orders.prototype.handle),
        Reflect.getMetadata('below', Orders.prototype.handle),
      ],
      onClass: Reflect.getMetadata('controller', Orders),
    },
    inversify: {
      tagged: Reflect.getMetadata('inversify:tagged', Orders),
      paramtypes: Type === Repository,
      isOwn: Reflect.hasOwnMetadata('inversify:paramtypes', Orders),
      ofMethod: Reflect.getMetadata('design:paramtypes', Orders.prototype, 'handle')?.length,
      ofSubclass: Reflect.hasOwnMetadata('inversify:paramtypes', class extends Orders {}),
    },
    options: library.getBatchHandlerOptions(Orders, 'handle')?.concurrency,
    answer: await handle(event, {}),
  };
}

void use().then((result) => {
  process.stdout.write(JSON.stringify(result));
});
