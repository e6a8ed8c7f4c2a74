import vm from 'node:vm';

import { expect } from 'chai';

import {
  type BatchEvent,
  type InterpretOptions,
  interpretResponse,
  type ResponseInterpretation,
} from '../../lib/testing';
import {
  dynamodbEvent,
  dynamodbRecord,
  fifoEvent,
  fifoRecord,
  kinesisEvent,
  kinesisRecord,
  reporting,
  sqsEvent,
  sqsRecord,
} from '../support/events';

const kinesisId = (index: number) => kinesisRecord('', index).kinesis.sequenceNumber;
const dynamodbId = (index: number) => dynamodbRecord('', index).dynamodb?.SequenceNumber ?? '';

/** A batch of three of each source; the FIFO messages have a group each. */
const subjects = {
  SQS: { event: sqsEvent('a', 'b', 'c'), ids: ['id-a', 'id-b', 'id-c'], isStream: false },
  'SQS FIFO': { event: fifoEvent('a1', 'b1', 'c1'), ids: ['id-a1', 'id-b1', 'id-c1'], isStream: false },
  Kinesis: { event: kinesisEvent('a', 'b', 'c'), ids: [0, 1, 2].map(kinesisId), isStream: true },
  DynamoDB: { event: dynamodbEvent('a', 'b', 'c'), ids: [0, 1, 2].map(dynamodbId), isStream: true },
};
type Subject = (typeof subjects)[keyof typeof subjects];

const listing = (...identifiers: unknown[]) => ({
  batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })),
});

const success = ({ ids, isStream }: Subject, ...warnings: string[]): ResponseInterpretation => ({
  outcome: 'success',
  returned: [],
  ...(isStream && { checkpoint: ids[2]! }),
  warnings,
});

const failure = ({ ids }: Subject, reason: string): ResponseInterpretation => ({
  outcome: 'failure',
  returned: ids,
  reason,
  warnings: [],
});

const noProgress = 'no progress: the checkpoint is at the first record of the batch';
const undocumented = (problem: string) => `${problem}; AWS does not say how Lambda takes that`;

const ended = (): never => {
  throw new Error('ended');
};

const endedWithNull = (): never => {
  throw null;
};

const nothingInJson = 'The answer is {} in JSON, whatever it holds, which counts every record as done.';

/** The answers that Lambda takes for a success, with the warnings they are worth. */
const successes: Record<string, [answer: unknown, ...warnings: string[]]> = {
  'an empty list': [{ batchItemFailures: [] }],
  'an empty list beside something else': [{ batchItemFailures: [], processed: 3 }],
  'a list that is null': [{ batchItemFailures: null }],
  'a list that is undefined': [{ batchItemFailures: undefined }, nothingInJson],
  'an empty object': [{}],
  'an object without a prototype': [Object.create(null)],
  'an empty array': [[]],
  null: [null, 'The answer is null, which counts every record as done: does the handler return its answer?'],
  'undefined, as where a return is missing,': [
    undefined,
    'The answer is null, which counts every record as done: does the handler return its answer?',
  ],
  'NaN, which is null in JSON,': [
    Number.NaN,
    'The answer is null, which counts every record as done: does the handler return its answer?',
  ],
  'the wrong top-level key': [
    { BatchItemFailures: [{ itemIdentifier: 'id-a' }] },
    'The answer has no batchItemFailures but BatchItemFailures, which counts every record as done.',
  ],
  'several wrong top-level keys': [
    { statusCode: 200, body: '' },
    'The answer has no batchItemFailures but statusCode, body, which counts every record as done.',
  ],
  'a list that it only inherits': [Object.create({ batchItemFailures: [{ itemIdentifier: 'id-a' }] }), nothingInJson],
  'a Map': [new Map([['batchItemFailures', []]]), nothingInJson],
  'what its toJSON makes of it': [{ toJSON: () => ({ batchItemFailures: [] }) }],
};

/** The answers that Lambda takes for a failure of the whole batch. */
const failures: Record<string, [answer: unknown, reason: string]> = {
  'a thrown error': [new Error('database down'), 'the invocation failed: database down'],
  'a thrown error of another realm': [
    vm.runInNewContext('new TypeError("elsewhere")'),
    'the invocation failed: elsewhere',
  ],
  'a thrown error that looks like an answer': [
    Object.assign(new Error('both'), { batchItemFailures: [] }),
    'the invocation failed: both',
  ],
  'a bigint': [1n, 'the answer cannot be serialised: Do not know how to serialize a BigInt'],
  'a bigint inside': [
    { batchItemFailures: [], count: 1n },
    'the answer cannot be serialised: Do not know how to serialize a BigInt',
  ],
  'a toJSON that throws': [{ toJSON: ended }, 'the answer cannot be serialised: ended'],
  'a getter that throws': [
    Object.defineProperty({}, 'a', { get: ended, enumerable: true }),
    'the answer cannot be serialised: ended',
  ],
  'a then that cannot be read': [
    Object.defineProperty({}, 'then', { get: ended, enumerable: true }),
    'the answer cannot be serialised: ended',
  ],
  'an error whose message cannot be read': [
    Object.defineProperty(new Error('x'), 'message', { get: ended }),
    'the invocation failed: an error that cannot be read',
  ],
  'more than 6 MB': [{ batchItemFailures: [], log: 'x'.repeat(6 * 1024 * 1024) }, 'the answer is larger than 6 MB'],
  'a toJSON that throws no error': [{ toJSON: endedWithNull }, 'the answer cannot be serialised: null (object)'],
  'a function': [() => undefined, 'the answer cannot be serialised: it is of type function'],
  'a symbol': [Symbol('answer'), 'the answer cannot be serialised: it is of type symbol'],
  'an empty identifier': [listing(''), 'batchItemFailures[0] has an empty itemIdentifier'],
  'an identifier that is null': [listing(null), 'batchItemFailures[0] has an itemIdentifier that is null'],
  'an identifier that is a number': [listing(123), 'batchItemFailures[0] has an itemIdentifier that is a number'],
  'an identifier that is a boolean': [listing(true), 'batchItemFailures[0] has an itemIdentifier that is a boolean'],
  'an identifier that is an object': [listing({}), 'batchItemFailures[0] has an itemIdentifier that is an object'],
  'an identifier that is an array': [listing(['id-a']), 'batchItemFailures[0] has an itemIdentifier that is an array'],
  'an identifier that is not in the batch': [
    listing('id-z'),
    'batchItemFailures[0] has an itemIdentifier that is not in the batch',
  ],
  'an identifier that is undefined': [listing(undefined), 'batchItemFailures[0] has no itemIdentifier'],
  'a misspelt nested key': [
    { batchItemFailures: [{ ItemIdentifier: 'id-a' }] },
    'batchItemFailures[0] has no itemIdentifier',
  ],
  'a nested key that is null': [{ batchItemFailures: [{ foo: null }] }, 'batchItemFailures[0] has no itemIdentifier'],
  'an entry that is null': [{ batchItemFailures: [null] }, 'batchItemFailures[0] has no itemIdentifier'],
  'an entry that is undefined': [{ batchItemFailures: [undefined] }, 'batchItemFailures[0] has no itemIdentifier'],
  'an entry that is the identifier': [{ batchItemFailures: ['id-a'] }, 'batchItemFailures[0] has no itemIdentifier'],
};

/** The answers of which AWS does not say how Lambda takes them, none of which names a record. */
const unknowns: Record<string, [answer: unknown, problem: string]> = {
  'a string': ['SUCCESS', 'the answer is a string instead of an object'],
  'an empty string': ['', 'the answer is a string instead of an object'],
  'an answer that is JSON already': [
    JSON.stringify({ batchItemFailures: [] }),
    'the answer is a string instead of an object',
  ],
  'a number': [0, 'the answer is a number instead of an object'],
  true: [true, 'the answer is a boolean instead of an object'],
  false: [false, 'the answer is a boolean instead of an object'],
  'a filled array': [[{ itemIdentifier: 'id-a' }], 'the answer is an array instead of an object'],
  'an array that holds null': [[null], 'the answer is an array instead of an object'],
  'a list that is an object': [{ batchItemFailures: {} }, 'batchItemFailures is an object instead of an array'],
  'a list that is a string': [{ batchItemFailures: 'id-a' }, 'batchItemFailures is a string instead of an array'],
  'a list that is an empty string': [{ batchItemFailures: '' }, 'batchItemFailures is a string instead of an array'],
  'a list that is zero': [{ batchItemFailures: 0 }, 'batchItemFailures is a number instead of an array'],
  'a list that is false': [{ batchItemFailures: false }, 'batchItemFailures is a boolean instead of an array'],
};

for (const [title, subject] of Object.entries(subjects)) {
  const { event, ids, isStream } = subject;
  const [first, second, third] = ids as [string, string, string];

  /** What Lambda does where `reported` are the indexes of the records that an answer lists. */
  const partial = (reported: readonly number[], ...warnings: string[]): ResponseInterpretation => {
    const lowest = Math.min(...reported);
    return {
      outcome: 'partial',
      returned: ids.filter((_, index) => (isStream ? index >= lowest : reported.includes(index))),
      ...(isStream && { checkpoint: ids[lowest]! }),
      ...(isStream && lowest === 0 && { reason: noProgress }),
      warnings,
    };
  };

  describe(`To a batch of ${title}, Lambda takes`, () => {
    for (const [what, [answer, ...warnings]] of Object.entries(successes)) {
      it(`${what} for a success`, () => {
        expect(interpretResponse(event, answer)).to.deep.equal(success(subject, ...warnings));
      });
    }

    for (const [what, [answer, reason]] of Object.entries(failures)) {
      it(`${what} for a failure of the whole batch`, () => {
        expect(interpretResponse(event, answer)).to.deep.equal(failure(subject, reason));
        expect(interpretResponse(event, answer, { undocumented: 'lenient' })).to.deep.equal(failure(subject, reason));
      });
    }

    it('an answer that refers to itself for a failure of the whole batch', () => {
      const answer: Record<string, unknown> = { batchItemFailures: [] };
      answer.self = answer;
      const { reason, ...rest } = interpretResponse(event, answer);

      expect(rest).to.deep.equal({ outcome: 'failure', returned: ids, warnings: [] });
      expect(reason).to.match(/^the answer cannot be serialised: Converting circular structure to JSON/);
    });

    for (const [what, [answer, problem]] of Object.entries(unknowns)) {
      it(`${what}, undocumented, for a failure unless told to be lenient`, () => {
        expect(interpretResponse(event, answer)).to.deep.equal(failure(subject, undocumented(problem)));
        expect(interpretResponse(event, answer, { undocumented: 'failure' })).to.deep.equal(
          failure(subject, undocumented(problem)),
        );
        expect(interpretResponse(event, answer, { undocumented: 'lenient' })).to.deep.equal(
          success(subject, undocumented(problem)),
        );
      });
    }

    it('a list of its first, a middle or its last record for a partial failure', () => {
      for (const index of [0, 1, 2]) {
        expect(interpretResponse(event, listing(ids[index]))).to.deep.equal(partial([index]));
      }
    });

    it('a list of several records, in whatever order, for a partial failure', () => {
      expect(interpretResponse(event, listing(first, third))).to.deep.equal(partial([0, 2]));
      expect(interpretResponse(event, listing(third, second))).to.deep.equal(partial([1, 2]));
    });

    it('a list of every record for a partial failure', () => {
      expect(interpretResponse(event, listing(first, second, third))).to.deep.equal(partial([0, 1, 2]));
      expect(interpretResponse(event, listing(third, second, first))).to.deep.equal(partial([0, 1, 2]));
    });

    it('a list for what it is, whatever is beside it and in its entries', () => {
      const answer = { batchItemFailures: [{ itemIdentifier: second, error: 'broken' }], BatchItemFailures: [] };

      expect(interpretResponse(event, answer)).to.deep.equal(partial([1]));
    });

    it('a list for what it is in JSON', () => {
      const answer = { toJSON: () => ({ batchItemFailures: [{ itemIdentifier: { toJSON: () => second } }] }) };

      expect(interpretResponse(event, answer)).to.deep.equal(partial([1]));
    });

    it('an identifier twice, undocumented, for a failure unless told to be lenient', () => {
      const answer = listing(second, third, second, second);
      const again = (index: number) => undocumented(`batchItemFailures[${index}] lists an identifier again`);

      expect(interpretResponse(event, answer)).to.deep.equal(failure(subject, again(2)));
      expect(interpretResponse(event, answer, { undocumented: 'lenient' })).to.deep.equal(
        partial([1, 2], again(2), again(3)),
      );
    });

    it('an invalid identifier beside a valid one, undocumented, for a failure unless told to be lenient', () => {
      const problem = 'batchItemFailures[1] has an empty itemIdentifier';
      const answer = listing(third, '', 'id-z', third);

      expect(interpretResponse(event, answer)).to.deep.equal(failure(subject, problem));
      expect(interpretResponse(event, answer, { undocumented: 'lenient' })).to.deep.equal(
        partial([2], undocumented(problem), undocumented('batchItemFailures[3] lists an identifier again')),
      );
    });

    it('several invalid identifiers for a failure, of which the first is the reason', () => {
      const reason = 'batchItemFailures[0] has an itemIdentifier that is null';

      for (const mode of ['failure', 'lenient'] as const) {
        const options = { undocumented: mode };
        expect(interpretResponse(event, listing(null, ''), options)).to.deep.equal(failure(subject, reason));
      }
    });

    it('names of Object.prototype for identifiers that are not in the batch', () => {
      for (const name of ['__proto__', 'constructor', 'toString']) {
        expect(interpretResponse(event, listing(name)).outcome).to.equal('failure');
      }
    });

    it('any answer for a success where it is not told to report batch item failures', () => {
      const warning = 'The answer is ignored: ReportBatchItemFailures is not set, so every record counts as done.';

      for (const answer of [listing(first, second, third), listing(''), { batchItemFailures: [] }, null, 'text', [7]]) {
        expect(interpretResponse(event, answer, { reportBatchItemFailures: false })).to.deep.equal(
          success(subject, warning),
        );
      }
    });

    it('what never was an answer for a failure also where it is not told to report batch item failures', () => {
      const options: InterpretOptions = { reportBatchItemFailures: false };

      expect(interpretResponse(event, new Error('down'), options)).to.deep.equal(
        failure(subject, 'the invocation failed: down'),
      );
      expect(interpretResponse(event, Symbol('answer'), options)).to.deep.equal(
        failure(subject, 'the answer cannot be serialised: it is of type symbol'),
      );
    });

    it('reporting batch item failures for granted, and undefined options for none', () => {
      for (const options of [{ reportBatchItemFailures: true }, { reportBatchItemFailures: undefined }, {}]) {
        expect(interpretResponse(event, listing(second), options)).to.deep.equal(partial([1]));
      }
      expect(interpretResponse(event, 7, { undocumented: undefined }).outcome).to.equal('failure');
    });
  });
}

describe('Of the records that come back, interpretResponse', () => {
  it('names an identifier once, though several records have it', () => {
    const event = sqsEvent('a', 'b', 'a');

    expect(interpretResponse(event, reporting('a'))).to.deep.equal({
      outcome: 'partial',
      returned: ['id-a'],
      warnings: [],
    });
    expect(interpretResponse(event, new Error('down')).returned).to.deep.equal(['id-a', 'id-b']);
  });

  it('has the checkpoint of a stream at the first record with the lowest sequence number', () => {
    const aggregated = { Records: [0, 1, 1, 2, 2].map((index) => kinesisRecord('a', index)) };

    expect(interpretResponse(aggregated, listing(kinesisId(2), kinesisId(1)))).to.deep.equal({
      outcome: 'partial',
      returned: [kinesisId(1), kinesisId(2)],
      checkpoint: kinesisId(1),
      warnings: [],
    });
  });

  it('leaves out those without an identifier, which for SQS are deleted', () => {
    const { messageId: _, ...anonymous } = sqsRecord('b');
    const odd = ['', 7].map((messageId) => ({ ...anonymous, messageId }));
    const event = { Records: [anonymous, sqsRecord('a'), ...odd, sqsRecord('c')] };

    expect(interpretResponse(event, reporting('c'))).to.deep.equal({
      outcome: 'partial',
      returned: ['id-c'],
      warnings: ['Records without an identifier cannot be reported, and are deleted: 3 of them.'],
    });
    expect(interpretResponse(event, new Error('down')).returned).to.deep.equal(['id-a', 'id-c']);
    expect(interpretResponse(event, {}).warnings).to.deep.equal([]);
  });

  it('leaves out those of a stream that have no sequence number, also for its checkpoint', () => {
    const anonymous = { ...dynamodbRecord('', 0), dynamodb: {} };
    const event = { Records: [anonymous, dynamodbRecord('a', 1), dynamodbRecord('b', 2), anonymous] };

    expect(interpretResponse(event, listing(dynamodbId(1)))).to.deep.equal({
      outcome: 'partial',
      returned: [dynamodbId(1), dynamodbId(2)],
      checkpoint: dynamodbId(1),
      warnings: [],
    });
    expect(interpretResponse(event, {})).to.deep.equal({
      outcome: 'success',
      returned: [],
      checkpoint: dynamodbId(2),
      warnings: [],
    });
    expect(interpretResponse({ Records: [anonymous] }, {})).to.deep.equal({
      outcome: 'success',
      returned: [],
      warnings: [],
    });
  });

  it('does not take an entry without an identifier for a record without one', () => {
    const { messageId: _, ...anonymous } = sqsRecord('b');
    const event = { Records: [sqsRecord('a'), anonymous] };

    for (const undocumented of ['failure', 'lenient'] as const) {
      expect(interpretResponse(event, { batchItemFailures: [{}] }, { undocumented })).to.deep.equal({
        outcome: 'failure',
        returned: ['id-a'],
        reason: 'batchItemFailures[0] has no itemIdentifier',
        warnings: [],
      });
    }
  });

  it('finds none in an empty batch, of which no source is known', () => {
    const empty = { Records: [] };

    expect(interpretResponse(empty, { batchItemFailures: [] })).to.deep.equal({
      outcome: 'success',
      returned: [],
      warnings: [],
    });
    expect(interpretResponse(empty, listing('id-a'))).to.deep.equal({
      outcome: 'failure',
      returned: [],
      reason: 'batchItemFailures[0] has an itemIdentifier that is not in the batch',
      warnings: [],
    });
  });

  it('knows records by their shape where they do not say their source, as in a unit test', () => {
    const messages = { Records: [{ messageId: 'a' }, { messageId: 'b', body: '' }] };
    const records = { Records: ['1', '2'].map((sequenceNumber) => ({ kinesis: { sequenceNumber } })) };
    const changes = { Records: ['1', '2'].map((SequenceNumber) => ({ dynamodb: { SequenceNumber } })) };

    expect(interpretResponse(messages, listing('a')).returned).to.deep.equal(['a']);
    expect(interpretResponse(records, listing('1')).returned).to.deep.equal(['1', '2']);
    expect(interpretResponse(changes, listing('2'))).to.deep.equal({
      outcome: 'partial',
      returned: ['2'],
      checkpoint: '2',
      warnings: [],
    });
  });

  it('keeps sequence numbers apart that are the same number in JavaScript', () => {
    expect(Number(kinesisId(1))).to.equal(Number(kinesisId(0)));
    expect(interpretResponse(kinesisEvent('a', 'b'), listing(kinesisId(1))).checkpoint).to.equal(kinesisId(1));
  });
});

describe('Of an answer for a FIFO queue, interpretResponse', () => {
  const overtaken = (message: string, failed: string, group: string) =>
    `Message id-${message} is deleted although id-${failed}, before it in group ${group}, comes back: order is lost.`;

  it('says which messages are deleted behind one of their group that comes back', () => {
    expect(interpretResponse(fifoEvent('a1', 'b1', 'a2', 'b2', 'a3'), reporting('a1', 'b2'))).to.deep.equal({
      outcome: 'partial',
      returned: ['id-a1', 'id-b2'],
      warnings: [overtaken('a2', 'a1', 'a'), overtaken('a3', 'a1', 'a')],
    });
  });

  it('names the first of the group that comes back', () => {
    expect(interpretResponse(fifoEvent('a1', 'a2', 'a3'), reporting('a2', 'a1')).warnings).to.deep.equal([
      overtaken('a3', 'a1', 'a'),
    ]);
  });

  it('has nothing to say where all that follows in the group comes back too, or is of another group', () => {
    const event = fifoEvent('a1', 'b1', 'a2', 'b2');

    expect(interpretResponse(event, reporting('a1', 'a2')).warnings).to.deep.equal([]);
    expect(interpretResponse(event, reporting('b2')).warnings).to.deep.equal([]);
    expect(interpretResponse(event, reporting('a1', 'b1', 'a2', 'b2')).warnings).to.deep.equal([]);
  });

  it('takes messages without a group for one', () => {
    const { attributes } = sqsRecord('');
    const event = { Records: ['a', 'b'].map((body) => ({ ...fifoRecord(body), attributes })) };

    expect(interpretResponse(event, reporting('a')).warnings).to.deep.equal([overtaken('b', 'a', 'undefined')]);
  });

  it('also says where the message that is deleted has no identifier', () => {
    const event = { Records: [fifoRecord('a1'), { ...fifoRecord('a2'), messageId: '' }] };

    expect(interpretResponse(event, reporting('a1')).warnings).to.deep.equal([
      'Records without an identifier cannot be reported, and are deleted: 1 of them.',
      'Message without identifier is deleted although id-a1, before it in group a, comes back: order is lost.',
    ]);
  });

  it('warns of broken order after what is undocumented', () => {
    const event = fifoEvent('a1', 'a2');
    const answer = listing('id-a1', null);

    expect(interpretResponse(event, answer, { undocumented: 'lenient' }).warnings).to.deep.equal([
      undocumented('batchItemFailures[1] has an itemIdentifier that is null'),
      overtaken('a2', 'a1', 'a'),
    ]);
  });

  it('does not ask for order in a standard queue, which may have groups, nor where the queue is unknown', () => {
    for (const eventSourceARN of [sqsRecord('').eventSourceARN, undefined]) {
      const event = { Records: ['a1', 'a2'].map((body) => ({ ...fifoRecord(body), eventSourceARN })) };

      expect(interpretResponse(event, reporting('a1')).warnings).to.deep.equal([]);
    }
  });
});

describe('Of an answer to a tumbling window, interpretResponse', () => {
  const window = { start: '2026-01-01T00:00:00Z', end: '2026-01-01T00:02:00Z' };
  const windows: Record<string, [event: BatchEvent, ids: string[]]> = {
    Kinesis: [{ ...kinesisEvent('a', 'b'), window } as BatchEvent, [0, 1].map(kinesisId)],
    DynamoDB: [{ ...dynamodbEvent('a', 'b'), window } as BatchEvent, [0, 1].map(dynamodbId)],
  };

  for (const [title, [event, ids]] of Object.entries(windows)) {
    it(`says that it failed where it has no state, for ${title}`, () => {
      for (const answer of [null, {}, [], 'text', { batchItemFailures: [] }, listing(ids[1]), { state: undefined }]) {
        expect(interpretResponse(event, answer)).to.deep.equal({
          outcome: 'failure',
          returned: ids,
          reason: 'the answer to a tumbling window has no state',
          warnings: [],
        });
      }
    });

    it(`reads the rest of it where it has a state, for ${title}`, () => {
      for (const state of [{}, { count: 7 }]) {
        expect(interpretResponse(event, { state, batchItemFailures: [] })).to.deep.equal({
          outcome: 'success',
          returned: [],
          checkpoint: ids[1],
          warnings: [],
        });
        expect(interpretResponse(event, { state, ...listing(ids[1]) })).to.deep.equal({
          outcome: 'partial',
          returned: [ids[1]],
          checkpoint: ids[1],
          warnings: [],
        });
      }
    });

    it(`says that the invocation failed where it did, for ${title}`, () => {
      expect(interpretResponse(event, new Error('down')).reason).to.equal('the invocation failed: down');
    });
  }

  it('asks for a state also where failures are not reported', () => {
    const event = { ...kinesisEvent('a'), window } as BatchEvent;
    const ignoring = { reportBatchItemFailures: false };
    expect(interpretResponse(event, { batchItemFailures: [] }, ignoring).outcome).to.equal('failure');
    expect(interpretResponse(event, { state: {} }, ignoring).outcome).to.equal('success');
  });

  it('takes an answer with nothing but a state for a success, and warns of nothing', () => {
    const event = { ...kinesisEvent('a'), window } as BatchEvent;
    expect(interpretResponse(event, { state: {} })).to.deep.include({ outcome: 'success', warnings: [] });
    expect(interpretResponse(event, { state: {}, BatchItemFailures: [] }).warnings).to.deep.equal([
      'The answer has no batchItemFailures but BatchItemFailures, which counts every record as done.',
    ]);
    expect(interpretResponse(kinesisEvent('a'), { state: {} }).warnings).to.deep.equal([
      'The answer has no batchItemFailures but state, which counts every record as done.',
    ]);
  });

  it('asks for no state where the window is undefined or null', () => {
    for (const none of [undefined, null]) {
      expect(interpretResponse({ ...kinesisEvent('a'), window: none } as BatchEvent, {}).outcome).to.equal('success');
    }
  });
});

describe('interpretResponse refuses', () => {
  /** The error of a call with arguments that its types would not let through. */
  function refusal(...args: unknown[]): { name: string; message: string } {
    try {
      interpretResponse(...(args as Parameters<typeof interpretResponse>));
    } catch (error) {
      const { name, message } = error as Error;
      return { name, message };
    }
    throw new Error('Expected the call to be refused, but it returned.');
  }
  const event = sqsEvent('a');

  it('a promise, and any thenable, for an answer', () => {
    const message = 'Expected the answer of a handler, received a promise of one: await it first.';
    const thenable = Object.assign(() => undefined, { then: () => undefined });

    for (const answer of [Promise.resolve(null), { then: () => undefined }, thenable]) {
      expect(refusal(event, answer)).to.deep.equal({ name: 'TypeError', message });
    }
    expect(interpretResponse(event, { then: 'later' }).outcome).to.equal('success');
  });

  const events: Record<string, [event: unknown, message: string]> = {
    'no event': [undefined, 'Expected Records of the event to be an array, received undefined (undefined).'],
    'an event that is null': [null, 'Expected Records of the event to be an array, received undefined (undefined).'],
    'an event without records': [{}, 'Expected Records of the event to be an array, received undefined (undefined).'],
    'records that are no array': [
      { Records: 'text' },
      "Expected Records of the event to be an array, received 'text' (string).",
    ],
    'records of another source': [
      { Records: [{ eventSource: 'aws:s3', s3: {} }] },
      "Expected records of SQS, Kinesis or DynamoDB Streams, received one whose eventSource is 'aws:s3' (string).",
    ],
    'records of no source': [
      { Records: [{}, sqsRecord('a')] },
      'Expected records of SQS, Kinesis or DynamoDB Streams, received one whose eventSource is undefined (undefined).',
    ],
    'records that are null': [
      { Records: [null] },
      'Expected records of SQS, Kinesis or DynamoDB Streams, received one whose eventSource is undefined (undefined).',
    ],
    'records of several sources': [
      { Records: [sqsRecord('a'), sqsRecord('b'), kinesisRecord('c', 0), sqsRecord('d')] },
      'Expected records of one source, received another one at index 2.',
    ],
    'a record of no source among others': [
      { Records: [dynamodbRecord('a', 0), {}] },
      'Expected records of one source, received another one at index 1.',
    ],
  };
  for (const [what, [given, message]] of Object.entries(events)) {
    it(`${what}, also for a failed invocation`, () => {
      for (const answer of [{ batchItemFailures: [] }, new Error('down')]) {
        expect(refusal(given, answer)).to.deep.equal({ name: 'TypeError', message });
      }
    });
  }

  it('an option that it does not know', () => {
    expect(refusal(event, {}, { reportBatchItemFailure: true })).to.deep.equal({
      name: 'TypeError',
      message:
        'interpretResponse: unknown option reportBatchItemFailure; expected one of reportBatchItemFailures, undocumented.',
    });
    expect(refusal(event, {}, null).message).to.equal('interpretResponse: expected options, received null (object).');
  });

  it('a way to take undocumented answers that it does not know', () => {
    expect(refusal(event, {}, { undocumented: 'success' })).to.deep.equal({
      name: 'TypeError',
      message: "Expected undocumented to be one of failure, lenient, received 'success' (string).",
    });
  });
});
