import { expect } from 'chai';

import { base64, bytes, images, json, reader, text } from '../../lib/payload';
import { checkKind } from '../../lib/payload/check-kind';

describe('checkKind', () => {
  it('takes readers of the kind, and functions of users, as inner readers are', () => {
    for (const each of [json(), text(), base64(bytes()), reader(() => 1), () => 1, async () => 1, class {}]) {
      expect(() => checkKind('spec', each, 'text')).not.to.throw();
    }
    for (const each of [json(), bytes(), reader(() => 1), () => 1])
      expect(() => checkKind('spec', each, 'bytes')).not.to.throw();
    expect(() => checkKind('spec', images(), 'change')).not.to.throw();
  });

  it('refuses readers of another kind, and says of which they are', () => {
    for (const [each, kind, message] of [
      [bytes(), 'text', 'spec: expected a reader of text, received a reader of bytes.'],
      [images(), 'bytes', 'spec: expected a reader of bytes, received a reader of change.'],
      [json(), 'change', 'spec: expected a reader of change, received a reader of text or bytes.'],
    ] as const) {
      expect(() => checkKind('spec', each, kind)).to.throw(TypeError, message);
    }
  });

  for (const each of [undefined, null, 'json', {}, { '~standard': { validate: () => 1 } }]) {
    it(`refuses ${JSON.stringify(each)}`, () => {
      expect(() => checkKind('spec', each, 'text')).to.throw(TypeError, 'expected a payload reader (a function)');
    });
  }
});
