import { expect } from 'chai';

import { failedIn } from '../../../lib/chunk';
import { failuresIn, misfits, secret } from './failures-in';

const { sendMessageBatch } = failedIn;
const taken = (...ids: string[]) => ids.map((Id) => ({ Id, MessageId: `m-${Id}` }));
const invalid = (Id: string, SenderFault?: boolean) => ({
  Id,
  Code: 'InvalidParameterValue',
  Message: `Value ${secret} for parameter MessageGroupId is invalid.`,
  ...(SenderFault !== undefined && { SenderFault }),
});

describe('failedIn.sendMessageBatch', () => {
  it('gives nothing where all have been taken', () => {
    for (const Failed of [[], undefined, null]) {
      expect(sendMessageBatch({ Successful: taken('b', 'a'), Failed }, ['a', 'b'])).to.equal(undefined);
    }
    expect(sendMessageBatch({ Successful: taken('a') }, ['a'])).to.equal(undefined);
  });

  it('names those that were not, by the place of their Id, without their Message', () => {
    const Failed = [invalid('d', false), invalid('b', true), invalid('c')];
    const error = sendMessageBatch({ Successful: taken('a'), Failed }, ['a', 'b', 'c', 'd']);
    expect(failuresIn(error)).to.deep.equal({
      1: 'InvalidParameterValue: The message was not taken, by the fault of the sender.',
      2: 'InvalidParameterValue: The message was not taken.',
      3: 'InvalidParameterValue: The message was not taken, by the fault of the service.',
    });
    expect([...error!.failures.keys()]).to.deep.equal([1, 2, 3]);
  });

  it('names all where none was taken', () => {
    for (const Successful of [[], undefined, null]) {
      const error = sendMessageBatch({ Successful, Failed: [invalid('b'), invalid('a')] }, ['a', 'b']);
      expect([...error!.failures.keys()]).to.deep.equal([0, 1]);
    }
  });

  it('knows any Id', () => {
    const ids = ['__proto__', 'constructor', '0'];
    const error = sendMessageBatch({ Successful: taken('0', '__proto__'), Failed: [invalid('constructor')] }, ids);
    expect([...error!.failures.keys()]).to.deep.equal([1]);
  });

  misfits((result) => sendMessageBatch(result as never, ['a', secret]), {
    'no answer': [undefined, 'expected the answer to be an object, received undefined'],
    null: [null, 'received null'],
    'a promise': [Promise.resolve({ Successful: taken('a', secret) }), 'a promise that was not awaited'],
    'an empty object': [{}, 'expected each of the ids in Successful or in Failed, received an answer without 2 of 2'],
    'an id that is nowhere': [{ Successful: taken('a'), Failed: [] }, 'an answer without 1 of 2'],
    'an id that is not known': [
      { Successful: taken('a', secret, '4711') },
      'the Id of Successful[2] to be one of the ids',
    ],
    'a failed id that is not known': [
      { Successful: taken('a', secret), Failed: [invalid('b')] },
      'the Id of Failed[0] to be one of the ids, received another',
    ],
    'no id': [{ Successful: [{}, { Id: 'a' }] }, 'the Id of Successful[0] to be one of the ids'],
    'an id that is there twice': [{ Successful: taken(secret, 'a', secret) }, 'that of Successful[2] twice'],
    'an id that failed twice': [{ Failed: [invalid('a'), invalid('a')] }, 'that of Failed[1] twice'],
    'an id that succeeded and failed': [
      { Successful: taken('a', secret), Failed: [invalid(secret)] },
      'each of the ids once in the answer, received that of Failed[0] twice',
    ],
    'a list that is an object': [
      { Successful: taken('a', secret), Failed: {} },
      'Failed to be an array, received an object',
    ],
    'a list that is a text': [{ Successful: secret }, 'Successful to be an array, received a text'],
    'an entry that is no object': [{ Successful: ['a', secret] }, 'Successful[0] to be an object, received a text'],
    'a failed entry that is null': [{ Successful: taken('a', secret), Failed: [null] }, 'Failed[0] to be an object'],
    'an entry that is left out': [
      { Successful: taken('a', secret), Failed: new Array(1) },
      'Failed[0] to be an object',
    ],
    'a failed entry without a Code': [
      { Failed: [{ Id: 'a' }] },
      'the Code of Failed[0] to be a text, received undefined',
    ],
    'a failed entry whose Code is empty': [{ Failed: [{ Id: 'a', Code: '' }] }, 'received an empty text'],
    'the answer of another API': [{ FailedRecordCount: 0, Records: [{}, {}] }, 'an answer without 2 of 2'],
  });

  describe('given ids that are none', () => {
    misfits((ids) => sendMessageBatch({ Successful: taken('a') }, ids as never), {
      undefined: [undefined, 'expected the second argument, the ids, to be an array, received undefined'],
      'a text': [secret, 'received a text'],
      'an empty array': [[], 'the ids, to have something for each entry of the request, received an empty array'],
      'an id that is no text': [['a', 4711], 'each of the ids to be a text, received a number'],
      'an id that is empty': [['a', ''], 'each of the ids to be a text, received an empty text'],
      'an id that is left out': [new Array(1), 'each of the ids to be a text, received undefined'],
      'an id that is there twice': [['a', secret, 'a'], 'ids that are distinct, received 2 different ones of 3'],
    });
  });
});
