import { expect } from 'chai';

import { partsOf } from '../../../lib/check/deployed/function-name';

const arn = 'arn:aws:lambda:eu-west-1:123456789012:function:orders';

describe('The parts of the name of a function', () => {
  for (const [given, unqualified, region] of [
    ['orders', 'orders', undefined],
    ['orders:live', 'orders', undefined],
    ['orders:$LATEST', 'orders', undefined],
    ['123456789012:function:orders', '123456789012:function:orders', undefined],
    ['123456789012:function:orders:7', '123456789012:function:orders', undefined],
    [arn, arn, 'eu-west-1'],
    [`${arn}:live`, arn, 'eu-west-1'],
    [arn.replace(':aws:', ':aws-cn:'), arn.replace(':aws:', ':aws-cn:'), 'eu-west-1'],
  ] as const) {
    it(`are those of ${given}`, () => {
      expect(partsOf(given)).to.deep.equal({ name: 'orders', unqualified, region });
    });
  }

  it('are none of nothing', () => {
    expect(partsOf('')).to.deep.equal({ name: '', unqualified: '', region: undefined });
  });
});
