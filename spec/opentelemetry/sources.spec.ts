import { context, propagation, trace } from '@opentelemetry/api';
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';
import { expect } from 'chai';

import { createBatchHandler } from '../../lib';
import { kafka, type KafkaRecord } from '../../lib/kafka';
import { openTelemetry } from '../../lib/opentelemetry';
import { pipe, type PipesKinesisRecord } from '../../lib/pipes';
import { dynamodbRecord, kinesisRecord, lambdaContext, sqsRecord } from '../support/events';
import { kafkaEvent, kafkaRecord, nameIn } from '../support/kafka';
import { fakeLogger } from '../support/logger';
import { secret } from '../support/payload';
import { rejection } from '../support/promises';
import { Telemetry } from '../support/telemetry';
import { traceparent, tracedRecord } from '../support/traced';

/** Headers as Lambda has them: one object each, with signed bytes. */
const headersOf = (headers: Readonly<Record<string, string>>): KafkaRecord['headers'] =>
  Object.entries(headers).map(([name, text]) => ({ [name]: [...new Int8Array(Buffer.from(text))] }));

/** A Kafka record as a pipe sends it: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-msk.html */
function piped(name: string): KafkaRecord {
  const { topic, partition, ...rest } = kafkaRecord(name);
  const place = { eventSource: 'aws:kafka', eventSourceKey: `${topic}-${partition}`, topic };
  return { ...rest, ...place, partition: String(partition) as unknown as number };
}

/** A Kinesis record as a pipe sends it: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-kinesis.html */
function flat(data: string): PipesKinesisRecord {
  const { kinesis, ...rest } = kinesisRecord(data, 0);
  return { ...kinesis, ...rest };
}

describe('Where openTelemetry() knows the source', () => {
  let telemetry: Telemetry;
  let logger: ReturnType<typeof fakeLogger>;

  beforeEach(() => {
    telemetry = new Telemetry();
    logger = fakeLogger();
  });

  afterEach(async () => {
    propagation.disable();
    await telemetry.end();
  });

  const observers = (producer?: 'parent') => {
    const { tracerProvider, meterProvider } = telemetry;
    return [openTelemetry({ tracerProvider, meterProvider, ...(producer && { producer }) })];
  };

  describe('a batch of Kafka', () => {
    const failing = (record: KafkaRecord): void => {
      if (nameIn(record).includes('@2')) throw new RangeError('no');
    };

    it('has a span for each record by its own topic, partition and offset, and claims for the batch what all share', async () => {
      const entry = createBatchHandler({ source: kafka, order: 'partition', logger, observers: observers() }, failing);
      const event = kafkaEvent('orders-0@1', 'orders-0@2', 'orders-0@3', 'orders-1@7', 'orders-eu-0@1');
      await entry(event, lambdaContext());

      expect(telemetry.batch.name).to.equal('process');
      const named = telemetry.spans.map(({ name, attributes }) => [attributes['messaging.message.id'], name]);
      expect(Object.fromEntries(named)).to.deep.equal({
        'orders-0@1': 'process orders',
        'orders-0@2': 'process orders',
        'orders-1@7': 'process orders',
        'orders-eu-0@1': 'process orders-eu',
        undefined: 'process',
      });
      expect(telemetry.batch.attributes).to.deep.equal({
        'messaging.system': 'kafka',
        'messaging.operation.name': 'process',
        'messaging.operation.type': 'process',
        'messaging.batch.message_count': 5,
        'lambda_batch_handler.succeeded': 3,
        'lambda_batch_handler.failed': 1,
        'lambda_batch_handler.delivered': 0,
        'lambda_batch_handler.unprocessed': 1,
        'lambda_batch_handler.stopped_by': 'failure',
      });
      expect(telemetry.record('orders-1@7').attributes).to.deep.equal({
        'messaging.system': 'kafka',
        'messaging.operation.name': 'process',
        'messaging.operation.type': 'process',
        'messaging.destination.name': 'orders',
        'messaging.destination.partition.id': '1',
        'messaging.message.id': 'orders-1@7',
        'kafka.offset': 7,
        'lambda_batch_handler.outcome': 'succeeded',
      });
    });

    it('has its topic and partition where there is one of each', async () => {
      const entry = createBatchHandler({ source: kafka, logger, observers: observers() }, () => undefined);
      const { value: _value, ...tombstone } = kafkaRecord('orders-3@2');
      await entry(kafkaEvent('orders-3@1', tombstone), lambdaContext());

      expect(telemetry.batch.name).to.equal('process orders');
      expect(telemetry.batch.attributes).to.include({
        'messaging.destination.name': 'orders',
        'messaging.destination.partition.id': '3',
      });
      expect(telemetry.batch.attributes).not.to.have.any.keys('kafka.offset', 'kafka.message.tombstone');
      expect(telemetry.record('orders-3@1').attributes).not.to.have.property('kafka.message.tombstone');
      expect(telemetry.record('orders-3@2').attributes).to.include({ 'kafka.message.tombstone': true });
    });

    it('is counted by topic and partition, what was not run included', async () => {
      const entry = createBatchHandler({ source: kafka, order: 'partition', logger, observers: observers() }, failing);
      await entry(kafkaEvent('orders-0@1', 'orders-0@2', 'orders-0@3', 'bills-1@7'), lambdaContext());

      const counted = async (metric: string) =>
        (await telemetry.metric(metric))!.dataPoints.map(({ attributes }) => [
          attributes['messaging.destination.name'],
          attributes['messaging.destination.partition.id'],
          attributes['lambda_batch_handler.outcome'],
        ]);
      const ran = [
        ['orders', '0', 'succeeded'],
        ['bills', '1', 'succeeded'],
        ['orders', '0', 'failed'],
      ];
      expect(await counted('messaging.client.consumed.messages')).to.have.deep.members([
        ...ran,
        ['orders', '0', 'unprocessed'],
      ]);
      expect(await counted('messaging.process.duration')).to.have.deep.members(ran);
    });

    for (const [how, producer] of [
      ['linked to its sender', undefined],
      ['in the trace of its sender', 'parent'],
    ] as const) {
      it(`has each record ${how}, by its headers, with the sender's baggage active in the method`, async () => {
        propagation.setGlobalPropagator(
          new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()] }),
        );
        const headers = headersOf({ traceparent, tracestate: 'vendor=7', baggage: 'tenant=bl%C3%BCe' });
        const seen: unknown[] = [];
        const method = (record: KafkaRecord): void => {
          const tenant = propagation.getBaggage(context.active())?.getEntry('tenant')?.value;
          seen.push([nameIn(record), tenant, trace.getActiveSpan()?.spanContext().spanId]);
        };
        const entry = createBatchHandler({ source: kafka, logger, observers: observers(producer) }, method);
        await entry(kafkaEvent(kafkaRecord('orders-0@1', { headers }), 'orders-1@1'), lambdaContext());

        const [one, other] = [telemetry.record('orders-0@1'), telemetry.record('orders-1@1')];
        expect(seen).to.have.deep.members([
          ['orders-0@1', 'blüe', one.spanContext().spanId],
          ['orders-1@1', undefined, other.spanContext().spanId],
        ]);
        const [, traceId, spanId] = traceparent.split('-');
        const [link] = telemetry.batch.links;
        expect(telemetry.batch.links).to.have.length(1);
        expect([link!.context.traceId, link!.context.spanId]).to.deep.equal([traceId, spanId]);
        expect(link!.context.traceState?.get('vendor')).to.equal('7');
        expect(link!.attributes).to.deep.equal({
          'messaging.destination.name': 'orders',
          'messaging.destination.partition.id': '0',
          'kafka.offset': 1,
        });
        const batch = telemetry.batch.spanContext().spanId;
        const sender = producer === undefined ? one.links[0]!.context : one.parentSpanContext;
        const parentOrLink = producer === undefined ? one.parentSpanContext : one.links[0]!.context;
        expect([sender?.spanId, parentOrLink?.spanId]).to.deep.equal([spanId, batch]);
        expect([other.links.length, other.parentSpanContext?.spanId]).to.deep.equal([0, batch]);
      });
    }

    it('lets nothing out of keys, headers and values', async () => {
      const record = kafkaRecord(`orders-0@1 ${secret}`, {
        headers: headersOf({ [secret]: secret, traceparent: secret, traceparents: secret }),
      });
      const entry = createBatchHandler({ source: kafka, logger, observers: observers() }, () => {
        throw new Error('no');
      });
      await rejection(entry(kafkaEvent(record, kafkaRecord('orders-0@2', { value: null })), lambdaContext()));

      const told = telemetry.spans.map(({ name, attributes, status, events, links }) => [
        ...[name, attributes, status, events, links],
      ]);
      const counted = await telemetry.metric('messaging.client.consumed.messages');
      const lines = [logger.debug, logger.warn, logger.error].map(({ args }) => args.map(String));
      const all = JSON.stringify([told, counted, lines]);
      expect(telemetry.spans).to.have.length(3);
      for (const quote of [secret, Buffer.from(secret).toString('base64'), record.value!]) {
        expect(all).not.to.include(quote);
      }
    });
  });

  describe('a batch of EventBridge Pipes', () => {
    for (const [source, event, id, attributes] of [
      [pipe('SQS'), [sqsRecord('a')], 'id-a', { system: 'aws_sqs', receives: 1 }],
      [pipe('KinesisDataStreams'), [flat('a')], kinesisRecord('a', 0).eventID, { system: 'aws.kinesis' }],
      [pipe('DynamoDBStreams'), [dynamodbRecord('a', 0)], 'event-a', { system: 'aws.dynamodb' }],
      [pipe(kafka), [piped('orders-1@7')], 'orders-1@7', { system: 'kafka', partition: '1', offset: 7 }],
    ] as const) {
      it(`is described by its records, as without a pipe: ${source.name}`, async () => {
        const options = { source, logger, observers: observers() };
        await createBatchHandler(options as never, (() => undefined) as never)(event, lambdaContext());

        const { system, receives, partition, offset } = attributes as Record<string, unknown>;
        const common = {
          'messaging.system': system,
          'messaging.operation.name': 'process',
          'messaging.operation.type': 'process',
          'messaging.destination.name': 'orders',
          ...(partition !== undefined && { 'messaging.destination.partition.id': partition }),
        };
        expect(telemetry.batch.attributes).to.include({ ...common, 'messaging.batch.message_count': 1 });
        expect(telemetry.record(id).attributes).to.deep.equal({
          ...common,
          'messaging.message.id': id,
          ...(receives !== undefined && { 'lambda_batch_handler.receive_count': receives }),
          ...(offset !== undefined && { 'kafka.offset': offset }),
          'lambda_batch_handler.outcome': 'succeeded',
        });
      });
    }

    it('has each message, and each record of Kafka, linked to its sender', async () => {
      const run = (source: unknown, event: unknown) =>
        createBatchHandler({ source, logger, observers: observers() } as never, (() => undefined) as never)(
          event,
          lambdaContext(),
        );
      await run(pipe('SQS'), [tracedRecord('a', { traceparent }), sqsRecord('b')]);
      await run(pipe(kafka), [{ ...piped('orders-1@7'), headers: headersOf({ traceparent }) }]);

      const linked = ['id-a', 'id-b', 'orders-1@7'].map((id) =>
        telemetry.record(id).links.map((link) => link.context.spanId),
      );
      expect(linked).to.deep.equal([['00f067aa0ba902b7'], [], ['00f067aa0ba902b7']]);
    });
  });
});
