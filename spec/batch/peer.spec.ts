import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as sdk from '@aws-sdk/client-sqs';
import { expect } from 'chai';
import sinon from 'sinon';

import { BatchProcessingError } from '../../lib/errors';
import { clientSqs } from '../../lib/sqs/client-sqs';
import { loadPeer } from '../../lib/batch/peer';
import { environment } from '../support/environment';
import { missingPackage } from '../support/missing-package';

const shim = new Error('Dynamic require of "node:fs" is not supported');

function thrownBy(act: () => unknown): Error {
  try {
    act();
  } catch (thrown) {
    return thrown as Error;
  }
  throw new Error('Expected it to throw.');
}

describe('loadPeer', () => {
  environment({ LAMBDA_TASK_ROOT: undefined });

  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'function-'));
  });

  afterEach(() => {
    sinon.restore();
    rmSync(root, { recursive: true });
  });

  function install(name: string, code: string): void {
    mkdirSync(join(root, 'node_modules', name), { recursive: true });
    writeFileSync(join(root, 'node_modules', name, 'index.js'), code);
  }

  it('takes the package that the bundler has seen', () => {
    const peer = {};
    expect(loadPeer('some-peer', { user: 'x', seen: () => ({ peer }) })).to.equal(peer);
  });

  it('finds a package from where this library lies, whether or not there is one for bundlers', () => {
    process.env.LAMBDA_TASK_ROOT = root;
    expect(loadPeer('@aws-sdk/client-sqs', { user: 'x' })).to.have.property('SQSClient', sdk.SQSClient);
    expect(loadPeer('@aws-sdk/client-sqs', { user: 'x', seen: () => ({ cause: shim }) })).to.have.property(
      'SQSClient',
      sdk.SQSClient,
    );
  });

  it('finds a package from where the function lies: on Lambda its root, else the working directory', () => {
    install('some-peer', 'exports.of = "function"');
    process.env.LAMBDA_TASK_ROOT = root;
    expect(loadPeer('some-peer', { user: 'x', seen: () => ({ cause: shim }) })).to.deep.equal({ of: 'function' });

    delete process.env.LAMBDA_TASK_ROOT;
    sinon.stub(process, 'cwd').returns(root);
    expect(loadPeer('some-peer', { user: 'x' })).to.deep.equal({ of: 'function' });
  });

  it('says what to install where there is none, and what else helps', () => {
    const error = thrownBy(() => loadPeer('some-peer', { user: 'sqsQueue', instead: ', or set client' }));
    expect(error).to.be.instanceOf(BatchProcessingError);
    expect(error.message).to.equal('sqsQueue needs some-peer: npm install some-peer, or set client');
    expect(error.cause).to.include({ code: 'MODULE_NOT_FOUND' });
  });

  it('says what a bundler says, where that is the cause', () => {
    const error = thrownBy(() => loadPeer('some-peer', { user: 'images()', seen: () => ({ cause: shim }) }));
    expect(error.message).to.equal(
      `images() needs some-peer: npm install some-peer (it does not load: ${shim.message})`,
    );
    expect(error.cause).to.equal(shim);
  });

  it('says what is wrong with a package that is there', () => {
    process.env.LAMBDA_TASK_ROOT = root;
    install('some-peer', 'require("its-dependency")');
    const error = thrownBy(() => loadPeer('some-peer', { user: 'x' }));
    expect(error.message).to.equal(
      "x needs some-peer: npm install some-peer (it does not load: Cannot find module 'its-dependency')",
    );
    expect(error.cause).to.include({ code: 'MODULE_NOT_FOUND' });
  });

  for (const [thrown, cause] of [
    ['"text"', 'text'],
    ['{ message: undefined, toString: () => "text" }', undefined],
  ] as const) {
    it(`says what a package throws that is no error: ${thrown}`, () => {
      process.env.LAMBDA_TASK_ROOT = root;
      install('some-peer', `throw ${thrown}`);
      const error = thrownBy(() => loadPeer('some-peer', { user: 'x' }));
      expect(error.message).to.equal('x needs some-peer: npm install some-peer (it does not load: text)');
      if (cause !== undefined) expect(error.cause).to.equal(cause);
    });
  }
});

describe('clientSqs', () => {
  afterEach(() => {
    sinon.restore();
  });

  it('is the package of the bundle', () => {
    expect(clientSqs()).to.have.nested.property('peer.SQSClient', sdk.SQSClient);
  });

  it('is the cause where it cannot be loaded', () => {
    const cause = missingPackage('@aws-sdk/client-sqs');
    expect(clientSqs()).to.deep.equal({ cause });
  });
});
