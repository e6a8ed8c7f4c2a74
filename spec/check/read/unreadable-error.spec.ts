import { expect } from 'chai';

import { UnreadableError } from '../../../lib/check/read';

describe('UnreadableError', () => {
  it('says which file, what was expected and what is wrong, and keeps its cause', () => {
    const cause = new Error('why');

    const error = new UnreadableError('a.yaml', 'a template', 'it is empty', { cause });

    expect(error).to.be.instanceOf(Error);
    expect(error).to.include({ name: 'UnreadableError', cause });
    expect(error.message).to.equal('a.yaml: expected a template, but it is empty.');
  });
});
