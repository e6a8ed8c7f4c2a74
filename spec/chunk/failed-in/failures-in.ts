import { expect } from 'chai';

import { BatchProcessingError } from '../../../lib';
import { ChunkError } from '../../../lib/chunk';

/** What no message may show. */
export const secret = 'se+cret-4711';

/** The errors of a ChunkError as text, by index. */
export function failuresIn(error: ChunkError | undefined): Record<number, string> {
  expect(error).to.be.an.instanceOf(ChunkError);
  return Object.fromEntries([...error!.failures].map(([index, each]) => [index, String(each)]));
}

/** Specs of answers that fit no request, each with a part of the message. */
export function misfits(
  look: (result: unknown) => unknown,
  answers: Readonly<Record<string, readonly [answer: unknown, part: string]>>,
): void {
  for (const [name, [answer, part]] of Object.entries(answers)) {
    it(`fails the whole chunk for ${name}`, () => {
      const error = thrownBy(() => look(answer));
      expect(error).to.be.an.instanceOf(BatchProcessingError).and.not.an.instanceOf(ChunkError);
      expect((error as Error).message)
        .to.match(
          /^failedIn\.\w+: expected .+, received .+\. Give it what one call of .+ for the whole chunk resolved to/,
        )
        .and.to.include(part)
        .and.not.match(/cret|4711/);
    });
  }
}

function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return expect.fail('It has not thrown.');
}
