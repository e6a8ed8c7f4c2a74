import 'reflect-metadata';

import { expect } from 'chai';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import sinon from 'sinon';

import { getBatchHandlerOptions } from '../../lib';
import { loadSample, type Sample, type SampleName, sampleNames } from '../../samples/support/load';
import { collectOutput } from '../../samples/support/output';
import { runSample, type SampleResult } from '../../samples/support/run-sample';

const samples = join(__dirname, '../../samples');
const requireHere = createRequire(__filename);

describe('Samples', function () {
  this.timeout(60_000); // PGlite, a whole database, takes its time to start

  for (const name of sampleNames) {
    it(`answers its event as expected: ${name}`, async () => {
      const { answer, sample } = await runQuietly(loadSample(name));

      expect(answer).to.deep.equal(sample.expected);
    });

    it(`answers an event that comes again in the same way: ${name}`, async () => {
      await runQuietly(loadSample(name));

      const { answer, sample } = await runQuietly(loadSample(name));

      expect(answer).to.deep.equal(sample.expected);
    });

    it(`says in its first line what it shows: ${name}`, () => {
      expect(loadSample(name).description).to.match(/^[A-Z].*\.$/);
    });
  }

  it('are all in the list of samples', () => {
    const files = filesIn(samples).filter((file) => file !== 'start');
    const dialects = readdirSync(join(samples, 'dialects')).flatMap((dialect) =>
      filesIn(join(samples, 'dialects', dialect)).map((file) =>
        file === 'order-handler' ? `dialect-${dialect}` : file,
      ),
    );

    expect(sampleNames).to.have.members([...files, ...dialects]);
  });

  it('have an event and a response each', () => {
    const expected = sampleNames.flatMap((name) => [`${name}.event.json`, `${name}.response.json`]);

    expect(readdirSync(join(samples, 'events'))).to.have.members(expected);
  });

  it('write the failures of extended-processor as a metric', async () => {
    const { output } = await collectOutput(() => runSample(loadSample('extended-processor')));

    expect(output).to.include('"FailedRecords":[1,1]');
  });

  it('write what became of the records of a batch as metrics', async () => {
    const { output } = await collectOutput(() => runSample(loadSample('metrics')));

    expect(output).to.include('"RecordsSucceeded":2,"RecordsFailed":1,"RecordsNotRun":0,"RecordsGivenUp":1');
  });

  it('keep what finished before the timeout, and nothing else: stop-before-timeout', async () => {
    const { happened } = await runQuietly(loadSample('stop-before-timeout'));

    expect(happened).to.deep.equal(['succeeded', 'failed', 'succeeded', 'not run', 'not run']);
  });
});

describe('A sample in a dialect', () => {
  it('is compiled with experimentalDecorators and emitDecoratorMetadata', () => {
    const OrderHandler = orderHandlerOf('experimental');

    expect(parameterTypes(OrderHandler)).to.deep.equal([Object]);
    expect(Object.hasOwn(new OrderHandler(), 'handle')).to.equal(false);
    expect(getBatchHandlerOptions(OrderHandler, 'handle')).to.deep.equal({ source: 'SQS' });
  });

  it('is compiled with standard decorators', () => {
    const OrderHandler = orderHandlerOf('standard');

    expect(parameterTypes(OrderHandler)).to.equal(undefined);
    expect(Object.hasOwn(new OrderHandler(), 'handle')).to.equal(true);
    expect(getBatchHandlerOptions(OrderHandler, 'handle')).to.deep.equal({ source: 'SQS' });
  });
});

describe('A sample that does not answer as expected', () => {
  afterEach(() => {
    sinon.restore();
  });

  it('is told by how its answer differs', async () => {
    const { answer, difference } = await runQuietly({ ...loadSample('fifo'), expected: { batchItemFailures: [] } });

    expect(answer).to.deep.equal(loadSample('fifo').expected);
    expect(difference).to.include('itemIdentifier');
  });

  it('is told by what it threw', async () => {
    const handler = sinon.fake.rejects(new Error('no warehouse'));

    const { difference } = await runQuietly({ ...loadSample('fifo'), handler });

    expect(difference).to.equal('The handler threw Error: no warehouse');
  });
});

describe('The output of a sample', () => {
  it('is collected, and reaches the terminal again afterwards', async () => {
    const write = sinon.stub(process.stdout, 'write').returns(true);
    try {
      const { output } = await collectOutput(async () => process.stdout.write('meanwhile'));
      process.stdout.write('afterwards');

      expect(output).to.equal('meanwhile');
      expect(write.args).to.deep.equal([['afterwards']]);
    } finally {
      write.restore();
    }
  });
});

/** The names of the TypeScript files of a folder. */
function filesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.replace(/\.ts$/, ''));
}

async function runQuietly(sample: Sample): Promise<SampleResult> {
  const { result } = await collectOutput(() => runSample(sample));
  return result;
}

function orderHandlerOf(dialect: 'experimental' | 'standard'): new () => object {
  loadSample(`dialect-${dialect}` satisfies SampleName);
  const loaded: unknown = requireHere(join(samples, 'dialects', dialect, 'order-handler'));
  return (loaded as { OrderHandler: new () => object }).OrderHandler;
}

/** What TypeScript's emitDecoratorMetadata wrote down. */
function parameterTypes(OrderHandler: new () => object): unknown {
  return Reflect.getMetadata('design:paramtypes', OrderHandler.prototype as object, 'handle');
}
