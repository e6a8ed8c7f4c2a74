import { expect } from 'chai';

import { failedIn } from '../../../lib/chunk';
import { failuresIn, misfits, secret } from './failures-in';

const { bulk } = failedIn;
const refused = {
  _index: 'orders',
  _id: secret,
  status: 400,
  error: {
    type: 'mapper_parsing_exception',
    reason: `failed to parse field [${secret}]`,
    caused_by: { reason: secret },
  },
};
const answer = (errors: unknown, ...items: unknown[]) => ({ took: 3, errors, items });

describe('failedIn.bulk', () => {
  it('gives nothing where all has been carried out', () => {
    const items = [{ index: { status: 201 } }, { create: { status: 201, error: null } }, { update: { status: 200 } }];
    expect(bulk({ errors: false, items: [...items, { delete: { status: 200 } }] })).to.equal(undefined);
  });

  it('takes it for carried out where what was to be deleted is not there', () => {
    expect(bulk({ errors: false, items: [{ delete: { status: 404 } }] })).to.equal(undefined);
  });

  it('names what was not, by its position, without the reason', () => {
    const conflict = { status: 409, error: { type: 'version_conflict_engine_exception' } };
    const missing = { status: 404, error: { type: 'document_missing_exception' } };
    const items = [{ index: refused }, { index: { status: 201 } }, { create: conflict }, { update: missing }];
    const busy = { delete: { status: 429, error: { type: 'rejected_execution_exception' } } };
    expect(failuresIn(bulk({ errors: true, items: [...items, busy] }))).to.deep.equal({
      0: 'mapper_parsing_exception: The index has not carried it out: status 400.',
      2: 'version_conflict_engine_exception: The index has not carried it out: status 409.',
      3: 'document_missing_exception: The index has not carried it out: status 404.',
      4: 'rejected_execution_exception: The index has not carried it out: status 429.',
    });
  });

  it('names all where all failed', () => {
    const { failures } = bulk({ errors: true, items: [{ index: refused }, { create: refused }] })!;
    expect([...failures.keys()]).to.deep.equal([0, 1]);
  });

  it('passes over actions that are undefined', () => {
    const items = [{ index: undefined, create: { status: 201 } }];
    expect(bulk({ errors: false, items: items })).to.equal(undefined);
  });

  misfits((result) => bulk(result as never), {
    'no answer': [undefined, 'expected the answer to be an object, received undefined'],
    null: [null, 'received null'],
    'a text': [secret, 'received a text'],
    'a promise': [Promise.resolve(answer(false, { index: { status: 201 } })), 'a promise that was not awaited'],
    'a response whose body it is': [
      { statusCode: 200, body: answer(false, { index: { status: 201 } }) },
      'expected items to be an array, received undefined. Give it what one call of _bulk (the body of the response',
    ],
    'no items': [{ errors: false }, 'expected items to be an array, received undefined'],
    'items that are empty': [answer(false), 'items to have something for each entry of the request'],
    'items that are an object': [{ errors: false, items: {} }, 'items to be an array, received an object'],
    'errors without one': [
      answer(true, { index: { status: 201 } }),
      'errors to be false, as 0 of the items have an error, received true',
    ],
    'an error without errors': [
      answer(false, { index: refused }),
      'errors to be true, as 1 of the items have an error, received false',
    ],
    'errors that are missing': [
      { items: [{ index: { status: 201 } }] },
      'errors to be false, as 0 of the items have an error, received undefined',
    ],
    'errors that are no boolean': [
      answer(secret, { index: refused }),
      'errors to be true, as 1 of the items have an error, received a text',
    ],
    'an item that is null': [answer(false, null), 'items[0] to be an object, received null'],
    'an item that is left out': [{ errors: false, items: new Array(1) }, 'items[0] to be an object'],
    'an item that is a text': [
      answer(false, { index: { status: 201 } }, secret),
      'items[1] to be an object, received a text',
    ],
    'an item without an action': [
      answer(false, {}),
      'to have one of index, create, update, delete, received an object with 0',
    ],
    'an item with two actions': [
      answer(false, { index: { status: 201 }, create: { status: 201 } }),
      'an object with 2',
    ],
    'an action that is not known': [
      answer(false, { [secret]: { status: 201 } }),
      'items[0] to have one of index, create',
    ],
    'an action that is null': [answer(false, { index: null }), 'the action of items[0] to be an object, received null'],
    'an item without a status': [
      answer(true, { index: { error: refused.error } }),
      'the status of items[0] to be an integer',
    ],
    'a status that is no number': [answer(false, { index: { status: '201' } }), 'to be an integer, received a text'],
    'a status of failure without an error': [
      answer(false, { index: { status: 503 } }),
      'items[0] to have an error, as its status is 503',
    ],
    'a status of 404 where nothing is deleted': [answer(true, { update: { status: 404 } }), 'as its status is 404'],
    'a status of 409 where something is deleted': [answer(true, { delete: { status: 409 } }), 'as its status is 409'],
    'an error that is a text': [
      answer(true, { index: { status: 400, error: secret } }),
      'the error of items[0] to be an object, received a text',
    ],
    'an error without a type': [
      answer(true, { index: { status: 400, error: { reason: secret } } }),
      'the type of the error of items[0] to be a text',
    ],
  });
});
