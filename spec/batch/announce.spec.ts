import { expect } from 'chai';

import {
  BasePartialProcessor,
  BatchHandler,
  BatchProcessor,
  createBatchHandler,
  getBatchHandlerOptions,
  SqsFifoPartialProcessorAsync,
} from '../../lib';
import { announce } from '../../lib/batch/announce';

const LISTENER = Symbol.for('lambda-batch-handler:announce');
const OPTIONS = Symbol.for('lambda-batch-handler:options');

interface Heard {
  readonly made: object;
  readonly options: (() => unknown) | undefined;
}

describe('What is made is announced', () => {
  let heard: Heard[];

  beforeEach(() => {
    heard = [];
    Object.assign(globalThis, {
      [LISTENER]: (made: object, options?: () => unknown) => heard.push({ made, options }),
    });
  });

  afterEach(() => {
    Reflect.deleteProperty(globalThis, LISTENER);
  });

  it('by @BatchHandler, when a class is defined, with the options of the entry', () => {
    class Orders {
      @BatchHandler({ source: 'SQS', fifo: true })
      async handle(): Promise<void> {
        // nothing
      }
    }

    expect(heard).to.have.lengthOf(1);
    expect(heard[0]!.made).to.be.a('function').and.have.property('name', 'handle');
    expect(heard[0]!.options!()).to.equal(getBatchHandlerOptions(Orders, 'handle'));
    expect(heard[0]!.options!()).to.deep.equal({ source: 'SQS', fifo: true });
  });

  it('by @BatchHandler, whose options are those that were put at the class since', () => {
    class Orders {
      @BatchHandler({ source: 'SQS' })
      async handle(): Promise<void> {
        // nothing
      }
    }
    const orders = new Orders();
    const put = { source: 'SQS', fifo: true };
    Reflect.defineMetadata(OPTIONS, put, Orders.prototype, 'handle');

    expect(heard[0]!.options!()).to.equal(put);
    expect(heard[0]!.options!()).to.equal(getBatchHandlerOptions(orders.handle));
  });

  it('by @BatchHandler, whose options are the first ones where nobody keeps them any more', () => {
    class Orders {
      @BatchHandler({ source: 'KinesisDataStreams' })
      static async handle(): Promise<void> {
        // nothing
      }
    }
    for (const target of [Orders, heard[0]!.made]) Reflect.deleteMetadata(OPTIONS, target);
    Reflect.deleteMetadata(OPTIONS, Orders, 'handle');

    expect(heard[0]!.options!()).to.deep.equal({ source: 'KinesisDataStreams' });
  });

  it('by createBatchHandler, as the entry that it returns', () => {
    const entry = createBatchHandler({ source: 'DynamoDBStreams', order: 'key' }, () => undefined);

    expect(heard.map(({ made }) => made)).to.deep.equal([entry]);
    expect(heard[0]!.options!()).to.deep.equal({ source: 'DynamoDBStreams', order: 'key' });
  });

  it('by the constructor of a processor, as the instance itself, which has its fields when the constructor is through', () => {
    class Mine extends BatchProcessor {
      readonly calls = 0;
    }

    const processors = [new Mine('SQS'), new SqsFifoPartialProcessorAsync()];

    expect(heard).to.deep.equal(processors.map((made) => ({ made, options: undefined })));
    expect(heard[0]!.made).to.equal(processors[0]);
    expect(heard[0]!.made).to.include({ calls: 0, eventType: 'SQS' });
  });

  it('by the constructor of a processor that has no source', () => {
    class Mine extends BasePartialProcessor {
      prepare(): void {
        // nothing
      }
      clean(): void {
        // nothing
      }
      processRecord(): never {
        throw new Error('not called');
      }
      processRecordSync(): never {
        throw new Error('not called');
      }
    }

    const mine = new Mine();

    expect(heard.map(({ made }) => made)).to.deep.equal([mine]);
  });
});

describe('What is made where nobody listens', () => {
  it('is announced to nobody, and leaves nothing behind', () => {
    const before = Reflect.ownKeys(globalThis);

    announce({}, () => {
      throw new Error('not asked');
    });
    createBatchHandler({ source: 'SQS' }, () => undefined);

    expect(Reflect.ownKeys(globalThis)).to.deep.equal(before);
  });
});
