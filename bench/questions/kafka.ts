import { kafkaBatch, stoppingKafkaBatch } from '../contestants/batches';
import * as byHand from '../contestants/by-hand';
import * as decorator from '../contestants/decorator';
import { timed } from '../question';

export const kafkaParallel = timed({
  title: 'Cost a record of Kafka, side by side: async no-op handler, ten partitions, 1% failing',
  unit: 'ns a record',
  against: ['by hand'],
  at: [100, 1_000, 10_000],
  batchOf: kafkaBatch,
  contestants: { 'by hand': byHand.kafkaParallel, decorator: decorator.kafkaParallel },
});

export const kafkaByPartition = timed({
  title: 'Cost a record of Kafka, in the order of ten partitions: async no-op handler, the last of each failing',
  unit: 'ns a record',
  against: ['by hand, no order'],
  at: [10_000],
  batchOf: stoppingKafkaBatch,
  contestants: { 'by hand, no order': byHand.kafkaParallel, decorator: decorator.byPartition },
});
