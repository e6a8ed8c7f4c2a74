import { expect } from 'chai';

import { isFile, isFolder } from '../../lib/check/files';

describe('A path', () => {
  it('leads to a file or to a folder', () => {
    expect([isFile(__filename), isFolder(__filename)]).to.deep.equal([true, false]);
    expect([isFile(__dirname), isFolder(__dirname)]).to.deep.equal([false, true]);
  });

  for (const [what, path] of [
    ['is not there', 'missing'],
    ['has a NUL', 'a\0b'],
    ['has a name that is longer than any', 'x'.repeat(300)],
    ['leads on behind a file', `${__filename}/a`],
  ] as const) {
    it(`leads nowhere where it ${what}`, () => {
      expect([isFile(path), isFolder(path)]).to.deep.equal([false, false]);
    });
  }
});
