import { expect } from 'chai';

import { BatchProcessingError } from '../../../lib';
import { ChunkError, failedIn } from '../../../lib/chunk';
import { failuresIn, misfits, secret } from './failures-in';

/** The functions for answers with a list in the order of the request. */
const helpers = [
  { name: 'putRecords', list: 'Records', count: 'FailedRecordCount', service: 'Kinesis', isQuoted: true },
  { name: 'putRecordBatch', list: 'RequestResponses', count: 'FailedPutCount', service: 'Firehose', isQuoted: true },
  { name: 'putEvents', list: 'Entries', count: 'FailedEntryCount', service: 'EventBridge', isQuoted: false },
] as const;

for (const { name, list, count, service, isQuoted } of helpers) {
  const look = failedIn[name] as (result: unknown) => ChunkError | undefined;
  const answer = (failed: unknown, ...entries: unknown[]) => ({ [count]: failed, [list]: entries });
  const throttled = { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: 'Rate exceeded.' };

  describe(`failedIn.${name}`, () => {
    it('gives nothing where all have succeeded', () => {
      expect(look(answer(0, { SequenceNumber: '1' }, {}))).to.equal(undefined);
      expect(look(answer(0, { ErrorCode: undefined, ErrorMessage: undefined }))).to.equal(undefined);
      expect(look({ ...answer(0, { ErrorCode: null, ErrorMessage: null }), $metadata: {} })).to.equal(undefined);
    });

    it('names those that failed, by their position', () => {
      const error = look(answer(2, {}, throttled, { SequenceNumber: '1' }, { ErrorCode: 'InternalFailure' }));
      expect(error).to.be.an.instanceOf(ChunkError);
      const because = isQuoted ? ': Rate exceeded.' : '.';
      expect(failuresIn(error)).to.deep.equal({
        1: `ProvisionedThroughputExceededException: ${service} has not taken it${because}`,
        3: `InternalFailure: ${service} has not taken it.`,
      });
    });

    it('names all where all failed, each with an error of its own', () => {
      const { failures } = look(answer(2, throttled, throttled))!;
      expect([...failures.keys()]).to.deep.equal([0, 1]);
      expect(failures.get(0)).to.be.an.instanceOf(BatchProcessingError).and.not.equal(failures.get(1));
      expect(Object.keys(failures.get(0)!)).to.deep.equal([]);
    });

    it('shows of a message nothing that is no text', () => {
      const error = look(answer(1, { ErrorCode: 'Odd', ErrorMessage: { secret } }));
      expect(failuresIn(error)).to.deep.equal({ 0: `Odd: ${service} has not taken it.` });
    });

    misfits(look, {
      'no answer': [undefined, 'expected the answer to be an object, received undefined'],
      null: [null, 'received null'],
      'a text': [secret, 'expected the answer to be an object, received a text'],
      'a number': [4711, 'received a number'],
      'an array': [[throttled], 'received an array of 1'],
      'a promise': [Promise.resolve(answer(0, {})), 'received a promise that was not awaited'],
      'an empty object': [{}, `expected ${list} to be an array, received undefined`],
      'a list that is null': [{ [count]: 0, [list]: null }, 'received null'],
      'a list that is an object': [{ [count]: 0, [list]: { 0: throttled } }, 'received an object'],
      'a list with nothing in it': [answer(0), `expected ${list} to have something for each entry of the request`],
      'an entry that is null': [answer(0, {}, null), `expected ${list}[1] to be an object, received null`],
      'an entry that is a text': [answer(0, secret), `expected ${list}[0] to be an object, received a text`],
      'an entry that is an array': [answer(0, []), 'received an array of 0'],
      'an entry that is left out': [{ [count]: 0, [list]: new Array(1) }, `${list}[0] to be an object`],
      'a code that is empty': [answer(1, { ErrorCode: '' }), `the ErrorCode of ${list}[0] to be a text`],
      'a code that is no text': [answer(1, { ErrorCode: 4711 }), 'to be a text, received a number'],
      'a code that is an object': [answer(1, { ErrorCode: { secret } }), 'to be a text, received an object'],
      'a message without a code': [answer(0, { ErrorMessage: secret }), 'to have an ErrorCode where it has'],
      'a count above the list': [answer(2, {}, throttled), `expected ${count} to be 1, as many as there are`],
      'a count below the list': [
        answer(0, throttled),
        `${count} to be 1, as many as there are entries with an ErrorCode, received 0`,
      ],
      'a count of nothing': [
        answer(1, {}),
        `${count} to be 0, as many as there are entries with an ErrorCode, received 1`,
      ],
      'a count that is none': [answer('1', throttled), `expected ${count} to be 1`],
      'a count that is missing': [answer(undefined, {}), `expected ${count} to be 0`],
      'the answer of another API': [{ UnprocessedItems: {}, Successful: [], errors: false, items: [] }, list],
    });
  });
}
