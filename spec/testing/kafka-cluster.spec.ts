import { expect } from 'chai';

import { clusterOf, eventFrom } from '../../lib/testing/kafka-cluster';
import { kafkaRecord } from '../support/kafka';

describe('The cluster of an event of Kafka', () => {
  it('is one of Amazon MSK, unless options say otherwise', () => {
    expect(clusterOf({})).to.deep.equal({
      eventSource: 'aws:kafka',
      eventSourceArn: 'arn:aws:kafka:eu-west-1:123456789012:cluster/orders/01234567-89ab-4cde-8f01-23456789abcd-1',
      bootstrapServers: 'b-1.orders.kafka.eu-west-1.amazonaws.com:9098',
    });
  });

  it('has no ARN where AWS does not manage it', () => {
    expect(clusterOf({ eventSource: 'SelfManagedKafka' })).to.deep.equal({
      eventSource: 'SelfManagedKafka',
      bootstrapServers: 'kafka.example.com:9092',
    });
  });

  it('has the ARN and the brokers that it is given', () => {
    const given = { eventSourceArn: 'arn:aws:kafka:us-east-2:1:cluster/bills/2', bootstrapServers: 'a:1,b:2' };

    expect(clusterOf(given)).to.deep.equal({ eventSource: 'aws:kafka', ...given });
  });

  it('is refused where it contradicts itself, or is not what it should be', () => {
    const refused: readonly [options: object, message: string][] = [
      [
        { eventSource: 'SelfManagedKafka', eventSourceArn: 'arn' },
        "Expected no eventSourceArn of a SelfManagedKafka, received 'arn' (string).",
      ],
      [{ eventSource: 'aws:msk' }, "one of aws:kafka, SelfManagedKafka, received 'aws:msk' (string)."],
      [{ eventSourceArn: 7 }, 'Expected eventSourceArn to be a string, received 7 (number).'],
      [{ bootstrapServers: ['a:1'] }, 'Expected bootstrapServers to be a string, received'],
    ];
    for (const [options, message] of refused) expect(() => clusterOf(options)).to.throw(TypeError, message);
  });

  it('makes an event of records, by topic and partition, each in its order', () => {
    const [a, b, c] = [kafkaRecord('my-t-1@5'), kafkaRecord('t-0@5'), kafkaRecord('my-t-1@6')];

    expect(eventFrom({ eventSource: 'aws:kafka' }, [a, b, c])).to.deep.equal({
      eventSource: 'aws:kafka',
      records: { 'my-t-1': [a, c], 't-0': [b] },
    });
  });
});
