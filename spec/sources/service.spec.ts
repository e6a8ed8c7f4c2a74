import { expect } from 'chai';

import { serviceOf } from '../../lib/sources/service';

describe('The service of an event that is no batch of records', () => {
  // Shapes: https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html, and the READMEs of the warmers.
  for (const [what, event, service] of [
    [
      'of a rule, or of EventBridge Scheduler',
      { 'detail-type': 'Scheduled Event', source: 'aws.events' },
      /^EventBridge/,
    ],
    ['of API Gateway, or of a function URL', { requestContext: { http: {} }, rawPath: '/' }, /^an HTTP endpoint/],
    ['of the health check of a load balancer', { requestContext: { elb: {} }, path: '/' }, /^an HTTP endpoint/],
    ['of Firehose', { deliveryStreamArn: 'arn', records: [] }, /^Firehose$/],
    ['of CloudWatch Logs', { awslogs: { data: '' } }, /^CloudWatch Logs$/],
    [
      'of Kafka',
      { eventSource: 'aws:kafka', bootstrapServers: 'b', records: {} },
      /^Kafka: see lambda-batch-handler\/kafka$/,
    ],
    ['of serverless-plugin-warmup', { source: 'serverless-plugin-warmup' }, /^a warmer$/],
    ['of lambda-warmer', { warmer: true, concurrency: 1 }, /^a warmer$/],
  ] as const) {
    it(`is known for one ${what}`, () => {
      expect(serviceOf(event)).to.match(service);
    });
  }

  it('is not known for any other', () => {
    for (const event of [{}, { Records: [] }, { Service: 'Amazon S3', Event: 's3:TestEvent' }, { source: 'me' }]) {
      expect(serviceOf(event)).to.equal(undefined);
    }
  });
});
