import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { expect } from 'chai';

import { scriptAt, takeScriptsFrom } from '../../../lib/check/link/scripts';
import './built-scripts';

describe('The scripts that run in processes of their own', () => {
  it('are files of their own, beside the bundle', () => {
    for (const name of ['loader', 'refuse', 'runner'] as const) {
      expect(existsSync(scriptAt(name))).to.equal(true);
    }
  });

  it('can be taken from elsewhere', () => {
    const before = dirname(scriptAt('loader'));
    try {
      takeScriptsFrom('/elsewhere');
      expect(scriptAt('runner')).to.equal(join('/elsewhere', 'runner.js'));
    } finally {
      takeScriptsFrom(before);
    }
  });
});
