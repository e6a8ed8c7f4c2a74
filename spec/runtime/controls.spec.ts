import { expect } from 'chai';

import { everywhere } from './everywhere';
import { eventOf } from './events';
import { nameOf, runtimes } from './clients';
import { deploy, type LambdaFunction, running } from './lambda-function';
import type { Ending } from './runtime-api';

// What AWS's clients do with handlers that are not the library's: by this it is known that the other specs would see it.
describe("AWS's runtime interface client", () => {
  before(() => {
    deploy();
  });

  for (const runtime of runtimes) {
    const { build } = everywhere.find((place) => place.runtime === runtime)!;
    const isOld = runtime.client === '3.3.0';
    const event = eventOf.queue('a ok');
    const invoking = (handler: string, timeoutMs?: number): Promise<Ending> =>
      running({ runtime, build }, `plain.${handler}`, {}, (lambda) => lambda.invoke(event, timeoutMs));

    describe(`as ${nameOf(runtime)}`, () => {
      it(
        isOld ? 'answers null where nothing is left to wait for' : 'exits where nothing is left to wait for',
        async () => {
          expect(await invoking('hanging')).to.deep.equal(isOld ? { response: null } : { exited: 0 });
        },
      );

      it('waits for the timeout of a function while something keeps the process alive', async () => {
        expect(await invoking('alive', 300)).to.deep.equal({ timedOut: true });
      });

      it(isOld ? 'takes a handler of three parameters' : 'refuses a handler of three parameters', async () => {
        const ending = await invoking('callback');
        if (isOld) expect(ending).to.deep.equal({ response: { batchItemFailures: [] } });
        else expect(ending).to.have.nested.property('initError.errorType', 'Runtime.CallbackHandlerDeprecated');
      });

      it('ends with an error where a rejection floats', async () => {
        const see = async (lambda: LambdaFunction) => [await lambda.invoke(event), await lambda.exited, lambda.log];
        const [ending, exitCode, log] = await running({ runtime, build }, 'plain.floating', {}, see);
        if (isOld) expect(ending).to.have.nested.property('error.errorType', 'Runtime.UnhandledPromiseRejection');
        expect(exitCode).to.equal(isOld ? 128 : 1);
        expect(log).to.include('floating');
      });

      it('posts what a handler rejects with', async () => {
        const ending = await invoking('failing');
        expect(ending).to.have.property('error').that.includes({ errorType: 'RangeError', errorMessage: 'failing' });
      });

      it('tells a handler the time that is left until its deadline', async () => {
        const ending = await invoking('remaining', 5000);
        expect(ending).to.have.property('response').that.is.within(1, 5000);
      });
    });
  }
});
