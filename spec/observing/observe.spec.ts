import { expect } from 'chai';
import sinon from 'sinon';

import { type BatchObserver, type BatchStart, createBatchHandler, observe, type Observer } from '../../lib';
import { fifoEvent, lambdaContext, reporting, sqsEvent } from '../support/events';
import { fakeLogger } from '../support/logger';
import { contextEndingIn } from '../support/ways';

describe('observe', () => {
  const expected = 'observe(): expected an object such as { onBatchEnd() {} }, received';

  for (const [what, wrong, received] of [
    ['nothing', undefined, 'undefined (undefined).'],
    ['null', null, 'null (object).'],
    ['a name', 'observer', "'observer' (string)."],
    ['a function', () => undefined, '[Function (anonymous)] (function).'],
    ['what it made before', observe({}), '[Function'],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(() => observe(wrong as never)).to.throw(TypeError, `${expected} ${received}`);
    });
  }

  const respond = (observers: readonly Observer[], event = fifoEvent('a', 'bad', 'c')) => {
    const logger = fakeLogger();
    const handler = createBatchHandler({ source: 'SQS', fifo: true, logger, observers }, ({ body }) => {
      if (body === 'bad') throw new Error('no');
    });
    return { answer: handler(event, lambdaContext()), logger };
  };

  it('refuses a hook that is no function, and looks at one that cannot be read when it is called', () => {
    expect(() => observe({ onBatchStart: 5 } as never)).to.throw(
      TypeError,
      'observe(): expected onBatchStart to be a function, received 5 (number).',
    );
    const hostile = Object.defineProperty({}, 'onBatchEnd', {
      get: () => {
        throw new Error('hostile');
      },
    });
    expect(() => observe(hostile)).not.to.throw();
  });

  it('takes an observer that sees nothing', async () => {
    const { answer, logger } = respond([observe({})], fifoEvent('a'));
    expect(await answer).to.deep.equal(reporting());
    sinon.assert.notCalled(logger.warn);
  });

  it('takes an object of a class, and calls its methods as such', async () => {
    class Counter implements BatchObserver {
      batches = 0;
      onBatchEnd(): void {
        this.batches++;
      }
    }
    const counter = new Counter();
    const observer = observe(counter);
    await respond([observer]).answer;
    await respond([observer]).answer;
    expect(counter.batches).to.equal(2);
  });

  it('tells an observer as often as it stands in the list', async () => {
    const onBatchEnd = sinon.fake();
    const observer = observe({ onBatchEnd });
    await respond([observer, observer]).answer;
    sinon.assert.calledTwice(onBatchEnd);
  });

  describe('of several observers', () => {
    /** An observer that notes its hooks, with its name. */
    const noting = (seen: string[], name: string, more: BatchObserver = {}): Observer => {
      const note = (hook: string) => () => {
        seen.push(`${name} ${hook}`);
      };
      return observe({
        onBatchStart: note('begins'),
        onRecordStart: note('start'),
        aroundRecord: async (_, next) => {
          seen.push(`${name} in`);
          try {
            return await next();
          } finally {
            seen.push(`${name} out`);
          }
        },
        onRecordSuccess: note('success'),
        onRecordFailure: note('failure'),
        onRecordUnprocessed: note('unprocessed'),
        onBatchEnd: note('ends'),
        ...more,
      });
    };

    it('has the first be the outermost, and each told in the order of the list', async () => {
      const seen: string[] = [];
      await respond([noting(seen, '1'), noting(seen, '2'), noting(seen, '3')]).answer;

      const each = (hook: string) => ['1', '2', '3'].map((name) => `${name} ${hook}`);
      const around = [...each('in'), ...each('out').reverse()];
      expect(seen).to.deep.equal([
        ...each('begins'),
        ...[...each('start'), ...around, ...each('success')],
        ...[...each('start'), ...around, ...each('failure')],
        ...['1', '2', '3'].flatMap((name) => [`${name} unprocessed`, `${name} ends`]),
      ]);
    });

    it('has each see one batch as the same object, and another batch as another one', async () => {
      const batches: BatchStart[][] = [[], []];
      const observers = batches.map((seen) =>
        observe({
          onBatchStart: (batch) => seen.push(batch),
          onRecordStart: (_, batch) => seen.push(batch),
          onBatchEnd: (_, batch) => seen.push(batch),
        }),
      );
      await respond(observers, fifoEvent('a')).answer;
      await respond(observers, fifoEvent('a')).answer;

      for (const seen of batches) {
        expect(seen).to.have.length(6);
        expect(seen.map((batch) => seen.indexOf(batch))).to.deep.equal([0, 0, 0, 3, 3, 3]);
      }
    });

    it('has one that fails in every hook keep no other from being told, in whatever place it stands', async () => {
      const hostile = () => {
        throw new Error('hostile');
      };
      const failing = observe({
        onBatchStart: hostile,
        onRecordStart: hostile,
        aroundRecord: hostile,
        onRecordSuccess: hostile,
        onRecordFailure: hostile,
        onRecordUnprocessed: hostile,
        onBatchEnd: hostile,
      });
      const alone: string[] = [];
      await respond([noting(alone, '1')]).answer;
      for (const place of [0, 1]) {
        const seen: string[] = [];
        const observers = [noting(seen, '1')];
        observers.splice(place, 0, failing);
        const { answer, logger } = respond(observers);

        expect(await answer).to.deep.equal(reporting('bad', 'c'));
        expect(seen).to.deep.equal(alone);
        expect(logger.warn.args.filter(([line]) => line.startsWith('An observer failed'))).to.deep.equal([
          ['An observer failed, which changes nothing: Error: hostile.'],
        ]);
      }
    });

    it('has one that hangs keep no other from being told, nor the time that they all have together from being the same', async () => {
      const clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
      try {
        const hangs = () => new Promise(() => undefined);
        const seen: string[] = [];
        const observers = [
          observe({ onBatchStart: hangs, onBatchEnd: hangs }),
          noting(seen, '1'),
          observe({ onBatchStart: hangs }),
        ];
        const logger = fakeLogger();
        const handler = createBatchHandler({ source: 'SQS', logger, observers }, () => undefined);
        const answer = handler(sqsEvent('a'), contextEndingIn(4_000));
        expect(seen).to.deep.equal(['1 begins']);
        await clock.tickAsync(2_000); // half of what is left
        expect(seen.at(-1)).to.equal('1 ends');
        await clock.tickAsync(1_000); // and once more

        expect(await answer).to.deep.equal(reporting());
        expect(Date.now()).to.equal(3_000);
        expect(logger.warn.args.flat()).to.deep.equal(
          Array(2).fill('An observer failed, which changes nothing: Error: It did not answer within 2000 ms.'),
        );
        expect(clock.countTimers()).to.equal(0);
      } finally {
        clock.restore();
      }
    });
  });
});
