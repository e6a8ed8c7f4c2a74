import type { Rule } from '../model';
import {
  deadLetterQueueKind,
  deadLetterRetention,
  expiresBeforeDeadLetter,
  functionDeadLetterQueue,
  maxReceiveCount1,
  maxReceiveCountLow,
  noDeadLetterQueue,
} from './dead-letters';
import { littleTimeARecord, noStopBeforeTimeout, stopBeforeTimeoutLong, stopBeforeTimeoutTooLong } from './deadline';
import {
  fifoMismatch,
  handlerMissing,
  noOrderOnStream,
  shardOrderWithParallelization,
  sourceMismatch,
  tumblingWindow,
} from './handler';
import { kafkaNotProvisioned } from './kafka';
import { deadLetterPermission, retryDelayPermission } from './permissions';
import {
  batchTooLarge,
  competingMappings,
  concurrencyAboveReserved,
  fifoWindow,
  sqsIgnoresStreamSetting,
} from './queue-mapping';
import { partialResponseOff } from './response';
import {
  recordAgeAboveRetention,
  streamDestinationFifo,
  streamDiscards,
  streamNoBisect,
  streamRetriesUnbounded,
  streamStartsAtLatest,
} from './streams';
import { visibilityBelowSixTimeouts, visibilityBelowTimeout } from './visibility';

/** All rules, in the order of their table in docs/check.md. */
export const rules: readonly Rule[] = [
  partialResponseOff,
  kafkaNotProvisioned,
  visibilityBelowTimeout,
  visibilityBelowSixTimeouts,
  noDeadLetterQueue,
  functionDeadLetterQueue,
  maxReceiveCount1,
  maxReceiveCountLow,
  expiresBeforeDeadLetter,
  deadLetterQueueKind,
  deadLetterRetention,
  fifoWindow,
  batchTooLarge,
  competingMappings,
  concurrencyAboveReserved,
  streamRetriesUnbounded,
  streamDiscards,
  streamDestinationFifo,
  recordAgeAboveRetention,
  streamNoBisect,
  streamStartsAtLatest,
  sqsIgnoresStreamSetting,
  handlerMissing,
  sourceMismatch,
  fifoMismatch,
  tumblingWindow,
  shardOrderWithParallelization,
  stopBeforeTimeoutTooLong,
  stopBeforeTimeoutLong,
  retryDelayPermission,
  deadLetterPermission,
  noOrderOnStream,
  noStopBeforeTimeout,
  littleTimeARecord,
];
