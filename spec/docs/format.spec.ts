import { expect } from 'chai';
import { check, format, resolveConfig } from 'prettier';

import { allPages, blocksOf } from './pages';

// Prettier would pad every table to its longest cell, so pages are left out of its check; their code is not.
describe('The code on the pages', () => {
  for (const { file, text } of allPages()) {
    const blocks = blocksOf(text).filter(({ language }) => language === 'ts');
    if (blocks.length === 0) continue;
    it(`is formatted as all else: ${file}`, async () => {
      const options = { ...(await resolveConfig(`${__dirname}/format.spec.ts`)), parser: 'typescript' };
      for (const { code } of blocks) {
        if (!(await check(code, options))) expect(code).to.equal(await format(code, options));
      }
    });
  }
});
