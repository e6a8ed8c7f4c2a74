import type { SQSRecord } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';
import vm from 'node:vm';

import { FullBatchFailureError } from '../../lib';
import { dynamodbEvent, kinesisEvent, lambdaContext, nameOf, reporting, sqsEvent, sqsRecord } from '../support/events';
import { handlerFor } from '../support/handler';
import { fakeLogger } from '../support/logger';
import { Deferred, rejection, settled } from '../support/promises';

const context = lambdaContext();

/** Fails for records whose name starts with "bad". */
const picky = async (record: Parameters<typeof nameOf>[0]): Promise<void> => {
  if (nameOf(record).startsWith('bad')) throw new Error(`no ${nameOf(record)}`);
};

describe('A record that fails', () => {
  const logger = fakeLogger();
  const quiet = { source: 'SQS', logger } as const;

  afterEach(() => {
    sinon.restore();
  });

  describe('is reported, and no other is', () => {
    it('each by its id, in batch order, without duplicates (3c 1)', async () => {
      const handler = handlerFor(quiet, picky);
      expect(await handler(sqsEvent('bad3', 'a', 'bad1', 'b', 'bad2'), context)).to.deep.equal(
        reporting('bad3', 'bad1', 'bad2'),
      );
    });

    it('for Kinesis, by sequence numbers that stay strings (3c 11)', async () => {
      const handler = handlerFor({ source: 'KinesisDataStreams', logger }, picky);
      const event = kinesisEvent('a', 'bad1', 'b', 'bad2');
      expect(await handler(event, context)).to.deep.equal({
        batchItemFailures: [1, 3].map((index) => ({ itemIdentifier: event.Records[index]!.kinesis.sequenceNumber })),
      });
    });

    it('for DynamoDB Streams, by sequence number (3c 11)', async () => {
      const handler = handlerFor({ source: 'DynamoDBStreams', logger }, picky);
      const event = dynamodbEvent('a', 'bad', 'b');
      expect(await handler(event, context)).to.deep.equal({
        batchItemFailures: [{ itemIdentifier: event.Records[1]!.dynamodb!.SequenceNumber }],
      });
    });

    it('once, where a batch holds its message twice (3c 28)', async () => {
      const handler = handlerFor(quiet, picky);
      const twice = sqsRecord('bad');
      expect(await handler({ Records: [twice, sqsRecord('a'), { ...twice }] }, context)).to.deep.equal(
        reporting('bad'),
      );
    });

    it('in record order, whatever the order of completion (3c 28)', async () => {
      const gates = new Map(['bad1', 'bad2', 'a'].map((name) => [name, new Deferred()]));
      const handler = handlerFor(quiet, async (record) => {
        await gates.get(record.body)!.promise;
        await picky(record);
      });
      const answer = handler(sqsEvent('bad1', 'bad2', 'a'), context);
      for (const name of ['a', 'bad2', 'bad1']) {
        gates.get(name)!.resolve();
        await settled();
      }
      expect(await answer).to.deep.equal(reporting('bad1', 'bad2'));
    });

    it('by the id it came with, though the method changes it (3c 14)', async () => {
      const handler = handlerFor(quiet, async (record) => {
        record.messageId = 'changed';
        await picky(record);
      });
      expect(await handler(sqsEvent('bad', 'a'), context)).to.deep.equal(reporting('bad'));
    });
  });

  describe('may have thrown anything (3c 5)', () => {
    class OrderError extends Error {}
    const odd: Record<string, () => unknown> = {
      'an Error': () => {
        throw new Error('no');
      },
      'a subclass': () => {
        throw new OrderError('no');
      },
      'a string': () => {
        throw 'no';
      },
      'a number': () => {
        throw 42;
      },
      null: () => {
        throw null;
      },
      undefined: () => {
        throw undefined;
      },
      'a symbol': () => {
        throw Symbol('no');
      },
      'a frozen object': () => {
        throw Object.freeze({ code: 1 });
      },
      'an object without prototype': () => {
        throw Object.create(null);
      },
      'an object whose toString throws': () => {
        throw {
          toString: () => {
            throw new Error('hostile');
          },
        };
      },
      'an Error whose message throws': () => {
        throw Object.defineProperty(new Error(), 'message', {
          get: () => {
            throw new Error('hostile');
          },
        });
      },
      'a revoked proxy': () => {
        const { proxy, revoke } = Proxy.revocable({}, {});
        revoke();
        throw proxy;
      },
      'an Error of another realm': () => vm.runInNewContext('throw new TypeError("no")') as unknown,
      'a rejected promise': () => Promise.reject(),
      'a promise that rejects with null': () => Promise.reject(null),
      'a thenable that rejects': () => ({ then: (_: unknown, reject: (reason: unknown) => void) => reject('no') }),
      'a thenable that throws': () => ({
        then: () => {
          throw new Error('no');
        },
      }),
      'a thenable whose then cannot be read': () => ({
        get then() {
          throw new Error('no');
        },
      }),
      'an async function': async () => {
        await settled();
        throw new OrderError('no');
      },
    };
    for (const [what, fail] of Object.entries(odd)) {
      it(`such as ${what}`, async () => {
        const handler = handlerFor(quiet, (record) => (record.body === 'bad' ? fail() : undefined));
        expect(await handler(sqsEvent('a', 'bad', 'c'), context)).to.deep.equal(reporting('bad'));

        const failure = (await rejection(handler(sqsEvent('bad'), context))) as FullBatchFailureError;
        expect(failure).to.be.an.instanceOf(FullBatchFailureError);
        expect(failure.recordErrors).to.have.length(1);
        expect(JSON.parse(JSON.stringify(failure)))
          .to.have.property('recordErrors')
          .with.length(1);
      });
    }

    it('or have returned a generator, of which nothing has run (3c 25)', async () => {
      function* generator(): Generator {
        yield 1;
      }
      const handler = handlerFor(quiet, (record) => (record.body === 'bad' ? generator() : undefined));
      expect(await handler(sqsEvent('a', 'bad'), context)).to.deep.equal(reporting('bad'));
    });

    it('and a method that is not async, or returns anything, succeeds otherwise (3c 25)', async () => {
      for (const value of [undefined, null, 0, 'fail', { status: 'failure' }, ['fail', 'no'], Promise.resolve(false)]) {
        expect(await handlerFor(quiet, () => value)(sqsEvent('a'), context)).to.deep.equal(reporting());
      }
    });
  });

  describe('with all the others', () => {
    it('makes the invocation throw, with every original error (3c 6)', async () => {
      const handler = handlerFor(quiet, picky);
      const failure = (await rejection(handler(sqsEvent('bad1', 'bad2'), context))) as FullBatchFailureError;

      expect(failure).to.be.an.instanceOf(FullBatchFailureError);
      expect(failure.message).to.include('2 failed, 0 not run');
      expect(failure.recordErrors.map((error) => error.message)).to.deep.equal(['no bad1', 'no bad2']);
      expect(failure.errors).to.equal(failure.recordErrors);
      expect(failure.cause).to.equal(failure.recordErrors[0]);
    });

    it('says how many were not run, where the first of a FIFO batch failed (3c 7)', async () => {
      const handler = handlerFor({ ...quiet, fifo: true }, picky);
      const failure = (await rejection(handler(sqsEvent('bad', 'a', 'b'), context))) as FullBatchFailureError;

      expect(failure.message).to.include('1 failed, 2 not run');
      expect(failure.recordErrors.map((error) => error.name)).to.deep.equal([
        'Error',
        'SqsFifoShortCircuitError',
        'SqsFifoShortCircuitError',
      ]);
      expect(failure.recordErrors[2]!.cause).to.equal(failure.recordErrors[0]);
    });

    it('is reported with them where throwOnFullBatchFailure is false (3c 6)', async () => {
      const handler = handlerFor({ ...quiet, throwOnFullBatchFailure: false }, picky);
      expect(await handler(sqsEvent('bad1', 'bad2'), context)).to.deep.equal(reporting('bad1', 'bad2'));
    });
  });

  describe('without an identifier', () => {
    const withoutId = (body: string, messageId: unknown): SQSRecord =>
      sqsRecord(body, { messageId: messageId as string });

    for (const id of [undefined, null, '', 42]) {
      it(`(${String(id)}) makes the invocation throw, so that the batch comes back (3c 14)`, async () => {
        const handler = handlerFor(quiet, picky);
        const failure = await rejection(handler({ Records: [sqsRecord('a'), withoutId('bad', id)] }, context));

        expect(failure).to.have.property('name', 'BatchProcessingError');
        expect(failure).to.have.property('message').that.includes('index 1');
        expect(failure).to.have.nested.property('cause.message', 'no bad');
        expect(await handler({ Records: [withoutId('a', id)] }, context)).to.deep.equal(reporting());
      });
    }

    it('in a DynamoDB stream is never dropped (3c 12)', async () => {
      const event = dynamodbEvent('a', 'bad');
      delete event.Records[1]!.dynamodb!.SequenceNumber;
      const handler = handlerFor({ source: 'DynamoDBStreams', logger }, picky);
      expect(await rejection(handler(event, context))).to.have.property('name', 'BatchProcessingError');
    });
  });

  describe('is logged (3c 27)', () => {
    it('once, with its identifier and error and without its body, and successes are not', async () => {
      const lines = fakeLogger();
      const error = new Error('no');
      const handler = handlerFor({ source: 'SQS', logger: lines }, (record) => {
        if (record.body === 'bad secret') throw error;
      });
      await handler(sqsEvent('a', 'bad secret'), context);

      sinon.assert.calledOnceWithExactly(
        lines.error,
        'Record id-bad secret failed (receive 1).',
        sinon.match({ name: 'Error', message: 'no', stack: error.stack }),
      );
      sinon.assert.notCalled(lines.warn);
      sinon.assert.notCalled(lines.debug);
    });

    it('to the console by default', async () => {
      const error = sinon.stub(console, 'error');
      await handlerFor({ source: 'SQS' }, picky)(sqsEvent('a', 'bad'), context);
      sinon.assert.calledOnceWithMatch(error, 'id-bad', sinon.match({ message: 'no bad' }));
    });

    it('without the message of a JSON.parse, which quotes the body', async () => {
      const lines = fakeLogger();
      const handler = handlerFor({ source: 'SQS', logger: lines }, (record) => {
        try {
          JSON.parse(record.body);
        } catch (cause) {
          throw new Error('The order cannot be read.', { cause });
        }
      });
      await handler({ Records: [sqsRecord('{}'), sqsRecord('secret', { messageId: 'id' })] }, context);

      const logged = lines.error.firstCall.args[1] as Error;
      expect(logged.message).to.equal('The order cannot be read.');
      expect(logged.cause).to.have.property('name', 'SyntaxError');
      expect([logged.stack, (logged.cause as Error).message, (logged.cause as Error).stack].join()).not.to.include(
        'secret',
      );
      expect(logged.stack).to.include('failures.spec');
    });

    it('while those that were not run are counted in one line', async () => {
      const lines = fakeLogger();
      const handler = handlerFor({ source: 'SQS', fifo: true, logger: lines }, picky);
      await handler(sqsEvent('a', 'bad', 'b', 'c'), context);

      sinon.assert.calledOnce(lines.error);
      sinon.assert.calledWithMatch(lines.warn, '2 of 4 records were not run, because an earlier one failed');
    });

    for (const [what, behave] of Object.entries({
      throws: () => {
        throw new Error('no disk');
      },
      rejects: () => Promise.reject(new Error('no network')),
    })) {
      it(`by a logger that ${what}, and the answer is the same (3c 16)`, async () => {
        const broken = { debug: behave, warn: behave, error: behave };
        const handler = handlerFor({ source: 'SQS', fifo: true, logger: broken }, picky);
        expect(await handler(sqsEvent('a', 'bad', 'b'), context)).to.deep.equal(reporting('bad', 'b'));
        await settled();
      });
    }
  });
});
