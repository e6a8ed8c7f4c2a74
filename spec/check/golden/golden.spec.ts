import { expect } from 'chai';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { findingsOf } from '../../../lib/check/findings';
import { handlerKeyOf } from '../../../lib/check/link';
import type { Handler } from '../../../lib/check/model';
import { readInfrastructure } from '../../../lib/check/read';
import { ours, reporting, silent } from '../support/model';

/** A template in a style that people write, what is known of the handlers of its functions, and what is found. */
interface Golden {
  readonly handlers: Readonly<Record<string, Handler>>;
  readonly expected: readonly string[];
}

/** By the names of their files, in which a comment says what they are about. */
const golden: Readonly<Record<string, Golden>> = {
  'sam-globals.yaml': {
    handlers: { OrderFunction: reporting, ReturnFunction: silent },
    expected: [
      'error partial-response-off@OrderFunctionOrders',
      'warning visibility-below-six-timeouts@OrderQueue',
      'hint max-receive-count-low@OrderQueue',
    ],
  },
  'cloudformation-imports.yaml': {
    handlers: { LedgerFunction: ours({}) },
    expected: ['error partial-response-off@LedgerMapping'],
  },
  // The app has `reportBatchItemFailures: true` in the properties of a sam.CfnFunction, or has forgotten it.
  'cdk-kinesis.template.json': {
    handlers: { MeterHandler4C5D6E7F: reporting },
    expected: [
      'error partial-response-off@MeterHandlerKinesisEventSourcereadingsReadings0A1B2C3D4E5F6789',
      'warning stream-retries-unbounded@MeterHandlerKinesisEventSourcereadingsReadings0A1B2C3D4E5F6789',
      'hint stream-no-bisect@MeterHandlerKinesisEventSourcereadingsReadings0A1B2C3D4E5F6789',
      'hint stream-starts-at-latest@MeterHandlerKinesisEventSourcereadingsReadings0A1B2C3D4E5F6789',
    ],
  },
  // serverless.yml has functionResponseTypes, where its key is functionResponseType: it was dropped with a warning.
  'serverless.json': {
    handlers: { ParcelLambdaFunction: reporting },
    expected: [
      'error partial-response-off@ParcelEventSourceMappingSQSParcelQueue',
      'warning visibility-below-six-timeouts@ParcelQueue',
      'warning dead-letter-retention@ParcelDeadLetterQueue',
    ],
  },
  'conditions.yaml': {
    handlers: { BookingFunction: ours({}) },
    expected: ['error partial-response-off@BookingFunctionBookings', 'warning no-dead-letter-queue@BookingQueue'],
  },
  'shared-queue.yaml': {
    handlers: { InvoiceFunction: silent, ShippingFunction: silent },
    expected: ['warning competing-mappings@InvoiceFunctionOrders', 'warning competing-mappings@ShippingMapping'],
  },
  'filters.yaml': {
    handlers: { CreatedFunction: reporting, DeletedFunction: reporting, PriceFunction: reporting },
    expected: ['error competing-mappings@CreatedFunctionCreated', 'error competing-mappings@DeletedFunctionDeleted'],
  },
  'fifo.yaml': {
    handlers: { TransferFunction: ours({}) },
    expected: [
      'error dead-letter-queue-kind@TransferDeadLetters',
      'error fifo-window@TransferFunctionTransfers',
      'error batch-too-large@TransferFunctionTransfers',
      'error fifo-mismatch@TransferFunctionTransfers',
      'error fifo-mismatch@TransferFunctionCorrections',
    ],
  },
  'streams-without-destination.yaml': {
    handlers: {
      BoundedFunction: ours({ source: 'DynamoDBStreams', order: 'key' }),
      UnboundedFunction: silent,
      MisledFunction: reporting,
    },
    expected: [
      'error stream-discards@BoundedFunctionProducts',
      'warning stream-retries-unbounded@UnboundedFunctionClicks',
      'hint stream-no-bisect@UnboundedFunctionClicks',
      'hint stream-starts-at-latest@UnboundedFunctionClicks',
      'error stream-discards@MisledFunctionClicks',
      'warning function-dead-letter-queue@MisledFunction',
    ],
  },
  'streams-with-destination.yaml': {
    handlers: { MeterFunction: ours({ source: 'KinesisDataStreams', order: 'shard', concurrency: 1 }) },
    expected: [
      'error stream-destination-fifo@ToFifoQueue',
      'hint record-age-above-retention@ToTopicTooLate',
      'warning shard-order-with-parallelization@ToTopicTooLate',
      'error tumbling-window@ToQueue',
    ],
  },
  'kafka.yaml': {
    handlers: {
      OnDemandFunction: silent,
      RefusedFunction: reporting,
      UnboundedFunction: ours({ source: 'Kafka', order: 'partition' }),
      ReturnFunction: ours({ source: 'Kafka', order: 'partition' }),
    },
    expected: [
      'hint kafka-not-provisioned@OnDemandFunctionOrders',
      'error kafka-not-provisioned@RefusedFunctionOrders',
      'warning stream-retries-unbounded@UnboundedFunctionOrders',
      'error partial-response-off@ReturnMapping',
      'error stream-discards@ReturnMapping',
    ],
  },
  'sns-subscription.yaml': {
    handlers: { NoticeFunction: ours({}) },
    expected: [
      'error partial-response-off@NoticeFunctionNoticesEventSourceMapping',
      'hint visibility-below-six-timeouts@NoticeFunctionNoticesQueue',
      'warning no-dead-letter-queue@NoticeFunctionNoticesQueue',
      'error partial-response-off@NoticeFunctionAlertsEventSourceMapping',
    ],
  },
  'nested.yaml': {
    handlers: { PaymentFunction: ours({}, { source: 'KinesisDataStreams', order: 'key' }) },
    expected: ['error partial-response-off@PaymentFunctionPayments'],
  },
  'redrive-as-text.yaml': {
    handlers: { TicketFunction: silent },
    expected: [
      'error visibility-below-timeout@Tickets',
      'error batch-too-large@TicketMapping',
      'error expires-before-dead-letter@Tickets',
      'hint max-receive-count-low@Tickets',
      'warning dead-letter-retention@TicketDeadLetters',
      'warning concurrency-above-reserved@TicketFunction',
    ],
  },
  'ignored.yaml': {
    handlers: { OnceFunction: reporting, TwiceFunction: reporting },
    expected: ['warning no-dead-letter-queue@TwiceQueue', 'warning function-dead-letter-queue@TwiceFunction'],
  },
};

describe('Templates as people write them', () => {
  it('are all looked at', () => {
    const files = readdirSync(__dirname).filter((file) => /\.(yaml|json)$/.test(file));

    expect(files).to.have.members(Object.keys(golden));
    expect(files).to.have.length(15);
  });

  for (const [file, { handlers, expected }] of Object.entries(golden)) {
    it(`give what is wrong with them, and nothing else: ${file}`, () => {
      const infrastructures = readInfrastructure([join(__dirname, file)]);
      const functions = infrastructures.flatMap(({ mappings }) =>
        mappings.flatMap((mapping) => mapping.function ?? []),
      );
      const known = new Map(functions.flatMap((fn) => (handlers[fn.id] ? [[handlerKeyOf(fn), handlers[fn.id]!]] : [])));

      const findings = findingsOf(infrastructures, known, { ignore: [], hints: true });

      expect(new Set(functions.filter((fn) => known.has(handlerKeyOf(fn))).map(({ id }) => id))).to.deep.equal(
        new Set(Object.keys(handlers)),
      );
      expect(findings.map(({ severity, rule, resource }) => `${severity} ${rule}@${resource}`)).to.have.members(
        expected,
      );
    });
  }
});
