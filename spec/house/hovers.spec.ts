import path from 'node:path';

import { expect } from 'chai';
import ts from 'typescript';

import { Editor, publicFiles } from '../support/editor';

const root = path.join(__dirname, '../..').replaceAll('\\', '/');

/** Calls as users write them: each option of each branch, at least once. `T` stands for what fits. */
const written = `
import {
  BatchHandler, BatchProcessor, BatchProcessorSync, createBatchHandler, NonRetryableError, observe, processPartialResponse,
  SqsFifoPartialProcessor, SqsFifoPartialProcessorAsync, StopBatchError,
} from 'lambda-batch-handler';
import { ChunkError, chunksOf, failedIn } from 'lambda-batch-handler/chunk';
import { deadLetter, sqsQueue } from 'lambda-batch-handler/dead-letter';
import { kafka, tombstone } from 'lambda-batch-handler/kafka';
import { openTelemetry } from 'lambda-batch-handler/opentelemetry';
import { base64, gunzip, images, json, sns, text } from 'lambda-batch-handler/payload';
import { pipe } from 'lambda-batch-handler/pipes';
import { delayBy, exponentialBackoff } from 'lambda-batch-handler/retry-delay';
import {
  dynamodbEvent, formatTimeline, interpretResponse, kafkaEvent, kinesisEvent, lambdaContext, pipesEvent, simulateKafka, simulateQueue,
  simulateStream, SimulatedSqs, sqsEvent,
} from 'lambda-batch-handler/testing';
import type { DynamoDBRecord, KinesisStreamRecord, SQSRecord } from 'aws-lambda';

declare const T: any;
interface Order { id: string }

export class Orders {
  @BatchHandler({ source: 'SQS' })
  async plain(_record: SQSRecord) {}
  @BatchHandler({
    source: 'SQS', concurrency: 5, throwOnFullBatchFailure: false, stopBeforeTimeout: 1000, recordTimeout: 500,
    logger: console, payload: json<Order>(), nonRetryable: deadLetter({ errors: [RangeError], deliverTo: 'discard' }),
    retryDelay: exponentialBackoff({ base: 5, max: 900, jitter: false, client: T, queueUrl: '' }),
    observers: [openTelemetry({ tracerProvider: T, meterProvider: T, producer: 'link', batchSpan: true })],
  })
  async all(_order: Order) {}
  @BatchHandler({ source: 'SQS', fifo: false, processInParallel: true })
  async unordered(_record: SQSRecord) {}
  @BatchHandler({ source: 'SQS', concurrency: 1, processInParallel: false })
  async sequential(_record: SQSRecord) {}
  @BatchHandler({ source: 'SQS', concurrency: 1 })
  async one(_record: SQSRecord) {}
  @BatchHandler({ source: 'SQS', fifo: true })
  async fifo(_record: SQSRecord) {}
  @BatchHandler({ source: 'SQS', fifo: true, skipGroupOnError: false })
  async stopping(_record: SQSRecord) {}
  @BatchHandler({ source: 'SQS', fifo: true, skipGroupOnError: true, concurrency: 3 })
  async groups(_record: SQSRecord) {}
  @BatchHandler({ source: 'SQS', processor: new BatchProcessor('SQS') })
  async processed(_record: SQSRecord) {}
  @BatchHandler({ source: 'SQS', payload: json<Order>(), chunk: chunksOf(10, { maxBytes: 1024, distinct: (order: Order) => order.id }) })
  async chunk(_orders: readonly Order[]) {}
  @BatchHandler({ source: 'KinesisDataStreams', order: 'shard', payload: json(), recordTimeout: 5 })
  async shard(_record: unknown) {}
  @BatchHandler({ source: 'KinesisDataStreams', order: 'key', concurrency: 4 })
  async key(_record: KinesisStreamRecord) {}
  @BatchHandler({ source: 'KinesisDataStreams', concurrency: 4, processInParallel: true })
  async side(_record: KinesisStreamRecord) {}
  @BatchHandler({ source: 'KinesisDataStreams', order: 'key', chunk: chunksOf(10, { distinct: true }) })
  async chunked(_records: readonly KinesisStreamRecord[]) {}
  @BatchHandler({
    source: 'DynamoDBStreams', order: 'key', concurrency: 4, payload: images(), throwOnFullBatchFailure: true,
    stopBeforeTimeout: 1, logger: console, observers: [],
    nonRetryable: deadLetter({ deliverTo: sqsQueue({ queueUrl: '', client: T }) }),
  })
  async change(_change: { keys: object }) {}
  @BatchHandler({ source: 'DynamoDBStreams', processInParallel: false })
  async sequentially(_record: DynamoDBRecord) {}
}

createBatchHandler({ source: 'SQS', payload: sns(base64(gunzip(text(), { maxBytes: 1 }))) }, (_text) => undefined);
createBatchHandler({ source: kafka, order: 'partition', payload: tombstone(json<Order>()) }, (_order) => undefined);
createBatchHandler({ source: kafka, order: 'key', concurrency: 2, recordTimeout: 5, observers: [] }, () => undefined);
createBatchHandler({ source: kafka, processInParallel: false, concurrency: 1, logger: console }, () => undefined);
createBatchHandler({ source: kafka, throwOnFullBatchFailure: true, stopBeforeTimeout: 1 }, () => undefined);
createBatchHandler({ source: kafka, nonRetryable: deadLetter({ deliverTo: 'discard' }) }, () => undefined);
createBatchHandler({ source: pipe('SQS'), fifo: true, skipGroupOnError: true, concurrency: 2 }, () => undefined);
createBatchHandler({ source: 'SQS', retryDelay: delayBy(() => 5, { client: T, queueUrl: '' }) }, () => undefined);
observe({
  onBatchStart() {}, onRecordStart() {}, aroundRecord: (_delivery, next) => next(), onRecordSuccess() {},
  onRecordFailure() {}, onRecordUnprocessed() {}, onBatchEnd(summary) { summary.failed; },
});
processPartialResponse(T, () => undefined, new BatchProcessor('SQS', { payload: json() }), {
  context: T, throwOnFullBatchFailure: true, processInParallel: true, concurrency: 2, order: 'key', stopBeforeTimeout: 1,
  recordTimeout: 1, logger: console, payload: json(), nonRetryable: T, retryDelay: T, observers: [], guard: T,
});

new BatchProcessorSync('SQS'); new SqsFifoPartialProcessor(); new SqsFifoPartialProcessorAsync();
new ChunkError(new Map()); new NonRetryableError(''); new StopBatchError('');

sqsEvent(['a'], {
  fifo: true, eventSourceARN: '', messageGroupId: '1', messageAttributes: {}, receiveCount: 1, sentAt: T, seed: 1,
});
kinesisEvent(['a'], { eventSourceARN: '', shardId: '', partitionKey: '1', arrivedAt: T, seed: 1 });
dynamodbEvent([{ eventName: 'MODIFY', keys: {}, newImage: {}, oldImage: {} }, { eventName: 'REMOVE', keys: {}, expired: true }], {
  eventSourceARN: '', streamViewType: 'KEYS_ONLY', changedAt: T, seed: 1,
});
kafkaEvent(['a'], { topic: 'orders', partition: 0, offset: 1, key: 'k', headers: {}, arrivedAt: T, eventSourceArn: '',
  eventSource: 'aws:kafka', bootstrapServers: '', });
pipesEvent('KinesisDataStreams', ['a'], { shardId: '', partitionKey: '1' });
lambdaContext({ timeoutMs: 5 });
interpretResponse(sqsEvent([]), {}, { undocumented: T, reportBatchItemFailures: true });
formatTimeline(T, { as: 'mermaid' });
new SimulatedSqs({ refuses: () => false });
simulateQueue({
  messages: ['a'], handler: T, coldStart: T, functionTimeoutMs: 1, runtime: 'nodejs24.x', faults: () => undefined,
  maxInvocations: 1, startTime: T, fifo: true, batchSize: 1, visibilityTimeoutMs: 1, maxReceiveCount: 1, sqs: T,
  maximumConcurrency: 2, seed: 1, messageGroupId: '1', messageAttributes: {}, eventSourceARN: '', undocumented: T, ioWaitMs: 0,
});
simulateStream({
  source: 'KinesisDataStreams', records: ['a'], handler: T, shards: 2, parallelizationFactor: 2, partitionKey: '1', ageMs: 1,
  batchSize: 1, maximumRetryAttempts: 1, maximumRecordAgeMs: T, bisectBatchOnFunctionError: true, retentionMs: 1,
  retryDelayMs: () => 1,
});
simulateStream({ source: 'DynamoDBStreams', records: [], handler: T, ageMs: () => 1, streamViewType: 'KEYS_ONLY' });
simulateKafka({
  records: ['a'], handler: T, partitions: 2, pollers: 2, partition: 0, ageMs: 1, maximumRetryAttempts: 1, retentionMs: 1,
  topic: '', key: '', headers: {}, offset: 1,
});
`;

interface Place {
  readonly name: string;
  readonly position: number;
  readonly line: number;
}

/** Where names of properties stand in object literals, and names of functions before what they are called with. */
function placesIn(file: ts.SourceFile): Place[] {
  const places: Place[] = [];
  const add = (node: ts.Node): void => {
    const position = node.getStart(file);
    places.push({ name: node.getText(file), position, line: file.getLineAndCharacterOfPosition(position).line });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isObjectLiteralElementLike(node) && ts.isObjectLiteralExpression(node.parent)) add(node.name!);
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      if (ts.isIdentifier(node.expression) && !['next', 'Map'].includes(node.expression.text)) add(node.expression);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return places;
}

/** Of the engine nobody writes, or is given, anything by name. */
function isOfLibrary(declaration: ts.Declaration): boolean {
  const { fileName } = declaration.getSourceFile();
  return fileName.startsWith(`${root}/lib/`) && !fileName.startsWith(`${root}/lib/engine/`);
}

const isInternal = (declaration: ts.Declaration): boolean =>
  ts.getJSDocTags(declaration).some(({ tagName }) => tagName.text === 'internal');

/** Marks (`~`), symbols, and what only the class itself sees. */
function isHidden(declaration: ts.Declaration): boolean {
  const name = ts.getNameOfDeclaration(declaration);
  if (name === undefined || ts.isPrivateIdentifier(name) || ts.isComputedPropertyName(name)) return true;
  const isPrivate = (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Private) !== 0;
  return isPrivate || isInternal(declaration) || (ts.isStringLiteral(name) && name.text.startsWith('~'));
}

/** Goes from public names to all that can be reached from them, and gives what no text is found for. */
class Members {
  count = 0;
  readonly silent = new Set<string>();
  readonly #seen = new Set<ts.Type>();

  constructor(readonly checker: ts.TypeChecker) {}

  of(type: ts.Type): void {
    if (this.#seen.has(type)) return;
    this.#seen.add(type);
    if (type.isUnion()) {
      for (const branch of type.types) this.of(branch);
      return;
    }
    for (const signature of [...type.getCallSignatures(), ...type.getConstructSignatures()]) this.#signature(signature);
    if ((type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) === 0) return;
    for (const property of type.getProperties()) this.#property(property);
  }

  #signature(signature: ts.Signature): void {
    const declaration = signature.getDeclaration() as ts.SignatureDeclaration | undefined;
    if (declaration === undefined || !isOfLibrary(declaration) || isInternal(declaration)) return;
    for (const parameter of signature.getParameters()) this.of(this.checker.getTypeOfSymbol(parameter));
    this.of(signature.getReturnType());
  }

  #property(property: ts.Symbol): void {
    const [declaration] = property.declarations ?? [];
    if (declaration === undefined || !isOfLibrary(declaration) || isHidden(declaration)) return;
    const type = this.checker.getTypeOfSymbol(property);
    if ((this.checker.getNonNullableType(type).flags & ts.TypeFlags.Never) !== 0) return; // what is not to be given
    this.count++;
    if (!this.#hasText(property, type)) this.silent.add(placeOf(declaration));
    this.of(type);
  }

  /** Where a method has none itself, an editor shows that of its signature. */
  #hasText(property: ts.Symbol, type: ts.Type): boolean {
    const documented = [property, ...type.getCallSignatures()];
    return documented.some((each) => ts.displayPartsToString(each.getDocumentationComment(this.checker)).trim() !== '');
  }
}

function placeOf(declaration: ts.Declaration): string {
  const file = declaration.getSourceFile();
  const { line } = file.getLineAndCharacterOfPosition(declaration.getStart());
  return `${path.posix.relative(root, file.fileName)}:${line + 1} ${ts.getNameOfDeclaration(declaration)!.getText()}`;
}

describe('An editor', function () {
  this.timeout(60_000); // It compiles the library once
  const editor = new Editor();
  const calls = editor.open('written.ts', written);
  const names = editor.open(
    'names.ts',
    [...publicFiles().keys()].map((specifier, at) => `import * as all${at} from '${specifier}';`).join('\n'),
  );

  /** The names of a subpath, each with the symbol that it stands for. */
  const exportsOf = (specifier: string): ts.Symbol[] => {
    const file = editor.sourceFile(path.posix.join(root, publicFiles().get(specifier)!));
    return editor.checker.getExportsOfModule(editor.checker.getSymbolAtLocation(file)!);
  };
  const target = (symbol: ts.Symbol): ts.Symbol =>
    symbol.flags & ts.SymbolFlags.Alias ? editor.checker.getAliasedSymbol(symbol) : symbol;

  it('knows all public names', () => {
    expect(editor.errorsIn(names)).to.deep.equal([]);
    for (const specifier of publicFiles().keys()) expect(exportsOf(specifier), specifier).not.to.be.empty;
  });

  for (const specifier of publicFiles().keys()) {
    it(`has a text for each public name, and an example for each function: ${specifier}`, () => {
      const symbols = exportsOf(specifier);
      const imported = symbols.map(({ name }) => `import { ${name} } from '${specifier}';`).join('\n');
      const file = editor.open(`${specifier.replaceAll('/', '-')}.ts`, imported);
      const hovers = symbols.map((symbol) => {
        const at = imported.indexOf(`{ ${symbol.name} }`) + 2;
        const isFunction = editor.checker.getTypeOfSymbol(target(symbol)).getCallSignatures().length > 0;
        return { name: symbol.name, isFunction, ...editor.hover(file, at) };
      });

      expect(hovers.filter(({ text }) => text === '').map(({ name }) => name)).to.deep.equal([]);
      const bare = hovers.filter(({ isFunction, tags }) => isFunction && !tags.includes('example'));
      expect(bare.map(({ name }) => name)).to.deep.equal([]);
    });
  }

  it('has a text for each property of what is public, and of what that leads to', () => {
    const members = new Members(editor.checker);
    for (const symbol of [...publicFiles().keys()].flatMap(exportsOf).map(target)) {
      if (symbol.flags & ts.SymbolFlags.Value) members.of(editor.checker.getTypeOfSymbol(symbol));
      if (symbol.flags & ts.SymbolFlags.Type) members.of(editor.checker.getDeclaredTypeOfSymbol(symbol));
    }

    expect(members.count).to.be.above(300);
    expect([...members.silent]).to.deep.equal([]);
  });

  it('has a text for each option where it is written, in every branch, and for each function that takes it', () => {
    expect(editor.errorsIn(calls)).to.deep.equal([]);
    const places = placesIn(editor.sourceFile(calls));

    expect(places.length).to.be.above(200);
    const silent = places.filter(({ position }) => editor.hover(calls, position).text === '');
    const lines = written.split('\n');
    expect(silent.map(({ name, line }) => `${name}: ${lines[line]!.trim()}`)).to.deep.equal([]);
  });

  it('is asked of every option that there is', () => {
    const options = editor.open(
      'options.ts',
      `import type { BatchObserver, BatchProcessingOptions, OptionsFor, ChunkOptionsFor } from 'lambda-batch-handler';
       import type { ChunkOptions } from 'lambda-batch-handler/chunk';
       import type { DeadLetterOptions, SqsQueueOptions } from 'lambda-batch-handler/dead-letter';
       import type { kafka } from 'lambda-batch-handler/kafka';
       import type { OpenTelemetryOptions } from 'lambda-batch-handler/opentelemetry';
       import type { GunzipOptions } from 'lambda-batch-handler/payload';
       import type { ExponentialBackoffOptions } from 'lambda-batch-handler/retry-delay';
       import type {
         DynamoDBChange, DynamoDBEventOptions, DynamoDBSimulationOptions, InterpretOptions, KafkaEventOptions,
         KafkaSimulationOptions, KinesisEventOptions, KinesisSimulationOptions, QueueSimulationOptions, SimulatedSqsOptions,
         SqsEventOptions, TimelineOptions,
       } from 'lambda-batch-handler/testing';
       export declare const all: [
         OptionsFor<'SQS'>, OptionsFor<'KinesisDataStreams'>, OptionsFor<typeof kafka>, ChunkOptionsFor<'SQS'>,
         BatchObserver, BatchProcessingOptions, ChunkOptions, DeadLetterOptions, SqsQueueOptions, OpenTelemetryOptions,
         GunzipOptions, ExponentialBackoffOptions, DynamoDBChange, DynamoDBEventOptions, DynamoDBSimulationOptions,
         InterpretOptions, KafkaEventOptions, KafkaSimulationOptions<unknown>, KinesisEventOptions,
         KinesisSimulationOptions<unknown>, QueueSimulationOptions<unknown>, SimulatedSqsOptions, SqsEventOptions,
         TimelineOptions,
       ];`,
    );
    expect(editor.errorsIn(options)).to.deep.equal([]);
    const { checker } = editor;
    const [all] = checker.getExportsOfModule(checker.getSymbolAtLocation(editor.sourceFile(options))!);
    const types = checker.getTypeArguments(checker.getTypeOfSymbol(all!) as ts.TypeReference);
    const known = types
      .flatMap((type) => (type.isUnion() ? type.types : [type]))
      .flatMap((type) => type.getProperties().map(({ name }) => name));
    const asked = new Set(placesIn(editor.sourceFile(calls)).map(({ name }) => name));

    expect(types).to.have.length(24);
    expect([...new Set(known)].filter((name) => !asked.has(name))).to.deep.equal([]);
  });

  it('would see what has no text, also where branches have it from several declarations', () => {
    const text = `
      interface One {
        /** Here. */
        readonly told: string;
        readonly silent: string;
      }
      interface Other {
        /** There. */
        readonly told: string;
        readonly silent: string;
      }
      declare function single(options: One): void;
      declare function either(options: One | Other): void;
      single({ told: '', silent: '' });
      either({ told: '', silent: '' });
    `;
    const file = editor.open('silent.ts', text);
    const told = placesIn(editor.sourceFile(file)).filter(({ position }) => editor.hover(file, position).text !== '');
    expect(told.map(({ name, line }) => [name, line])).to.deep.equal([['told', 13]]);
  });
});
