import { expect } from 'chai';

import { withGlobals } from '../../../lib/check/read/globals';

const merged = (global: object, local: object | undefined): unknown =>
  withGlobals(local as never, { Globals: { Function: global as never } });

// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
describe('withGlobals', () => {
  it('takes what a function does not say', () => {
    expect(merged({ Timeout: 30 }, { Handler: 'a.b' })).to.deep.equal({ Timeout: 30, Handler: 'a.b' });
    expect(merged({ Timeout: 30 }, undefined)).to.deep.equal({ Timeout: 30 });
  });

  it('leaves what a function says', () => {
    expect(merged({ Timeout: 30 }, { Timeout: 10 })).to.deep.equal({ Timeout: 10 });
    expect(withGlobals({ Timeout: 10 }, {})).to.deep.equal({ Timeout: 10 });
  });

  it('merges objects, and puts lists one behind the other', () => {
    expect(
      merged(
        { Environment: { Variables: { A: 1, B: 1 } }, Layers: ['a'] },
        { Environment: { Variables: { B: 2, C: 2 } }, Layers: ['b'] },
      ),
    ).to.deep.equal({ Environment: { Variables: { A: 1, B: 2, C: 2 } }, Layers: ['a', 'b'] });
  });

  it('takes an intrinsic function for a value, and not for an object', () => {
    const value = { 'Fn::If': ['A', 1, 2] };
    expect(merged({ Timeout: { Ref: 'A' } }, { Timeout: value })).to.deep.equal({ Timeout: value });
    expect(merged({ Environment: { Variables: { A: 1 } } }, { Environment: value })).to.deep.equal({
      Environment: value,
    });
    expect(merged({ Environment: {} }, { Environment: { Variables: {} } })).to.deep.equal({
      Environment: { Variables: {} },
    });
  });

  it('takes names that objects have by nature for names', () => {
    expect(merged({ Environment: { constructor: 1 } }, { Environment: { toString: 2 } })).to.deep.equal({
      Environment: { constructor: 1, toString: 2 },
    });
  });

  it('leaves a function that has no object of properties', () => {
    expect(withGlobals('text', { Globals: { Function: { Timeout: 3 } } })).to.equal('text');
  });
});
