import { expect } from 'chai';
import { Observable } from 'rxjs';

import { BatchProcessor, FullBatchFailureError, processPartialResponse } from '../../lib';
import { lambdaContext, reporting, sqsEvent } from '../support/events';
import { fakeLogger } from '../support/logger';
import { rejection } from '../support/promises';
import { ways } from '../support/ways';

const lazy: Record<string, () => unknown> = {
  'a function, such as a TaskEither of fp-ts': () => async () => 'never run',
  'an Observable': () => new Observable(),
  'an async generator': async function* () {
    yield 'never run';
  },
  'an async iterable': () => ({ [Symbol.asyncIterator]: () => undefined }),
  'an Effect': () => ({ [Symbol.for('effect/Effect')]: {} }),
};

describe('What a method returns', () => {
  for (const { title, respond } of ways.filter(({ title }) => title !== 'processPartialResponse')) {
    describe(`in ${title}`, () => {
      const failureOf = async (returned: unknown) => {
        const method = ({ body }: { body: string }) => (body === 'odd' ? returned : undefined);
        for (const value of [returned, Promise.resolve(returned)]) {
          const answer = respond(
            sqsEvent('a', 'odd'),
            ({ body }: { body: string }) => (body === 'odd' ? value : undefined),
            { logger: fakeLogger() },
          );
          expect(await answer).to.deep.equal(reporting('odd'));
        }
        const failure = rejection(respond(sqsEvent('odd'), method, { logger: fakeLogger() }));
        return ((await failure) as FullBatchFailureError).recordErrors[0]!;
      };

      for (const [what, make] of Object.entries(lazy)) {
        it(`fails its record where it is ${what}, of which nothing has run`, async () => {
          expect((await failureOf(make())).message).to.match(/^The method returned .*, of which nothing has run: /);
        });
      }

      it("fails its record where it is Lambda's own answer", async () => {
        expect((await failureOf({ batchItemFailures: [] })).message).to.include('The method handles one record');
      });

      it('fails its record where it is an Error, with that error', async () => {
        const error = new RangeError('no room');
        expect(await failureOf(error)).to.equal(error);
      });

      it('is ignored otherwise, also where it tells of a failure in a way of its own', async () => {
        const results = [
          { statusCode: 500 },
          { isErr: () => true },
          ['fail', 'no'],
          false,
          new Map(),
          [new Error('no')],
        ];
        for (const value of results) {
          const answer = respond(sqsEvent('a'), () => value, { logger: fakeLogger() });
          expect(await answer).to.deep.equal(reporting());
        }
      });

      it('runs where it is a thenable, also one that can be iterated, as queries of mongoose and knex are', async () => {
        let ran = 0;
        const query = {
          then: (resolve: (rows: unknown[]) => void) => {
            ran++;
            resolve([]);
          },
          [Symbol.asyncIterator]: () => undefined,
        };
        expect(await respond(sqsEvent('a'), () => query, { logger: fakeLogger() })).to.deep.equal(reporting());
        expect(ran).to.equal(1);
      });
    });
  }

  describe('in the class API', () => {
    it('is the result of its record, whatever it is, for hooks and tuples', async () => {
      const values = [() => 1, new Observable(), { batchItemFailures: [] }, new Error('a result')];
      for (const value of values) {
        const processor = new BatchProcessor('SQS');
        const answer = processPartialResponse(sqsEvent('a'), () => value, processor, { context: lambdaContext() });

        expect(await answer).to.deep.equal(reporting());
      }
    });

    it('fails its record where it is a generator', async () => {
      const answer = processPartialResponse(
        sqsEvent('a', 'odd'),
        ({ body }: { body: string }) => (body === 'odd' ? (function* () {})() : undefined),
        new BatchProcessor('SQS'),
      );
      expect(await answer).to.deep.equal(reporting('odd'));
    });
  });
});
