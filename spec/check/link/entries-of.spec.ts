import 'reflect-metadata';
import { expect } from 'chai';
import sinon from 'sinon';

import { type Announced, entriesOf } from '../../../lib/check/link/entries-of';

const OPTIONS = Symbol.for('lambda-batch-handler:options');
const HOME = Symbol.for('lambda-batch-handler:home');
const QUEUE_URL = Symbol.for('lambda-batch-handler:queue-url');
const CHUNKS = Symbol.for('lambda-batch-handler:chunks');

const exported = (): object => () => undefined;
const announced = (options: object, made: object = exported()): Announced => ({ made, options: () => options });
const entryWith = (options: object) => entriesOf(exported(), [announced({ source: 'SQS', ...options })])[0]!;

describe('The entries of an export', () => {
  it('are none where nothing was announced', () => {
    expect(entriesOf(exported(), [])).to.deep.equal([]);
  });

  it('are that of the export, by the home that it shares with what was announced', () => {
    const [home, handler, made] = [{}, exported(), exported()];
    Reflect.defineMetadata(HOME, home, handler);
    Reflect.defineMetadata(OPTIONS, { source: 'SQS' }, handler);
    Reflect.defineMetadata(HOME, home, made);
    const all = [announced({ source: 'DynamoDBStreams' }), announced({ source: 'SQS', fifo: true }, made)];

    expect(entriesOf(handler, all).map(({ source, fifo }) => [source, fifo])).to.deep.equal([['SQS', true]]);
  });

  it('are that of the export, by its own options where what made it announces nothing', () => {
    const handler = exported();
    Reflect.defineMetadata(HOME, {}, handler);
    Reflect.defineMetadata(OPTIONS, { source: 'DynamoDBStreams' }, handler);

    expect(entriesOf(handler, [])[0]).to.have.property('source', 'DynamoDBStreams');
    expect(entriesOf(handler, [announced({ source: 'SQS' })])[0]).to.have.property('source', 'DynamoDBStreams');
  });

  it('are all that were announced, where nobody has brought reflect-metadata', () => {
    const stub = sinon.stub(Reflect, 'getOwnMetadata').value(undefined);
    try {
      expect(entriesOf(exported(), [announced({ source: 'SQS' })])).to.have.lengthOf(1);
    } finally {
      stub.restore();
    }
  });

  it('say how many records run at once', () => {
    expect(entryWith({}).concurrency).to.equal(undefined);
    expect(entryWith({ concurrency: Infinity }).concurrency).to.equal(undefined);
    expect(entryWith({ concurrency: 5 }).concurrency).to.equal(5);
    expect(entryWith({ processInParallel: false }).concurrency).to.equal(1);
    expect(entryWith({ fifo: true }).concurrency).to.equal(1);
    expect(entryWith({ fifo: true, skipGroupOnError: true }).concurrency).to.equal(1);
    expect(entryWith({ fifo: true, skipGroupOnError: true, concurrency: 3 }).concurrency).to.equal(3);
    expect(entryWith({ source: 'KinesisDataStreams', order: 'shard' }).concurrency).to.equal(1);
    expect(entryWith({ source: 'KinesisDataStreams', order: 'key' }).concurrency).to.equal(undefined);
    expect(entryWith({ processor: { '~isSync': true } }).concurrency).to.equal(1);
    expect(entryWith({ processor: { '~isSync': false } }).concurrency).to.equal(undefined);
  });

  it('say the name of a row', () => {
    expect(entryWith({ source: { name: 'Kafka' } }).source).to.equal('Kafka');
  });

  it('say where records go that cannot succeed, where that is the queue of one of ours', () => {
    expect(entryWith({}).deadLetterQueues).to.deep.equal([]);
    expect(entryWith({ nonRetryable: {} }).deadLetterQueues).to.deep.equal([]);
    expect(entryWith({ nonRetryable: { [QUEUE_URL]: 'https://queue' } }).deadLetterQueues).to.deep.equal([
      'https://queue',
    ]);
  });

  it('say how many records one call handles: more than any batch has where that is not told', () => {
    expect(entryWith({}).chunkSize).to.equal(1);
    expect(entryWith({ chunk: { [CHUNKS]: { size: 25 } } }).chunkSize).to.equal(25);
    expect(entryWith({ chunk: { [CHUNKS]: {} } }).chunkSize).to.equal(Number.MAX_SAFE_INTEGER);
  });

  it('are those of processors that are no option of another entry', () => {
    const [used, other] = [{ '~isFifo': false }, { '~source': { name: 'Kafka' }, '~isSync': true }];
    const processors: Announced[] = [used, other].map((made) => ({ made, options: undefined }));

    const entries = entriesOf(exported(), [...processors, announced({ source: 'SQS', processor: used })]);

    expect(entries.map(({ source, isPerCall, concurrency }) => [source, isPerCall, concurrency])).to.deep.equal([
      ['SQS', undefined, undefined],
      ['Kafka', true, 1],
    ]);
  });

  it('are of any source that has a name, where the records of a processor tell it', () => {
    const entries = entriesOf(exported(), [{ made: { '~isFifo': false }, options: undefined }]);

    expect(entries.map(({ source }) => source)).to.deep.equal(['SQS', 'KinesisDataStreams', 'DynamoDBStreams']);
  });
});
