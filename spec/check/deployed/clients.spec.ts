import { Lambda } from '@aws-sdk/client-lambda';
import { SQS } from '@aws-sdk/client-sqs';
import { expect } from 'chai';
import sinon from 'sinon';

import { clientsFor } from '../../../lib/check/deployed';
import { BatchProcessingError } from '../../../lib/errors';
import { environment } from '../../support/environment';
import { missingPackage } from '../../support/missing-package';

describe('The clients for what is deployed', () => {
  environment({ AWS_REGION: 'us-east-1' });

  afterEach(() => {
    sinon.restore();
  });

  const regionsOf = async ({ lambda, sqs }: ReturnType<typeof clientsFor>) => {
    expect(lambda).to.be.instanceOf(Lambda);
    expect(sqs).to.be.instanceOf(SQS);
    return [await (lambda as Lambda).config.region(), await (sqs as SQS).config.region()];
  };

  it('are of the region of the environment', async () => {
    expect(await regionsOf(clientsFor())).to.deep.equal(['us-east-1', 'us-east-1']);
    expect(await regionsOf(clientsFor('orders'))).to.deep.equal(['us-east-1', 'us-east-1']);
  });

  it('are of the region of the function where its ARN says so', async () => {
    const arn = 'arn:aws:lambda:eu-west-1:123456789012:function:orders';
    expect(await regionsOf(clientsFor(arn))).to.deep.equal(['eu-west-1', 'eu-west-1']);
  });

  for (const name of ['@aws-sdk/client-lambda', '@aws-sdk/client-sqs']) {
    it(`are none where ${name} is missing, and the error says what to do`, () => {
      missingPackage(name);
      expect(() => clientsFor('orders')).to.throw(
        BatchProcessingError,
        `--deployed needs ${name}: npm install ${name}`,
      );
    });
  }
});
