import { expect } from 'chai';

import { isReader, reads } from '../../lib/batch/reader';
import { json, reader, text } from '../../lib/payload';

describe('isReader', () => {
  it('knows what the functions of the payload room make', () => {
    for (const made of [json(), text(), reader(JSON.parse)]) expect(isReader(made)).to.be.true;
  });

  it('knows one that another copy of the package made', () => {
    const made = Object.assign(() => undefined, {
      [Symbol.for('lambda-batch-handler:reads')]: { of: () => undefined },
    });
    expect(isReader(made)).to.be.true;
  });

  it('takes nothing else for one', () => {
    const unmarked = Object.assign(() => undefined, { [reads]: undefined });

    for (const value of [undefined, null, 'json', {}, { [reads]: json()[reads] }, JSON.parse, json, unmarked]) {
      expect(isReader(value)).to.be.false;
    }
  });
});
