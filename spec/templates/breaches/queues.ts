import { type Breach, isMapping, isQueue, isStandard, queueOf } from './setup';

/** What breaks the rules of queues and dead-letter queues, by their ids. */
export const queueBreaches: Readonly<Record<string, Breach>> = {
  'visibility-below-timeout': {
    of: isQueue,
    breach: (setup) => (queueOf(setup).VisibilityTimeout = setup.fn.Timeout! - 1),
  },
  'visibility-below-six-timeouts': {
    of: isQueue,
    breach: (setup) => queueOf(setup).VisibilityTimeout!--,
  },
  'no-dead-letter-queue': {
    of: isQueue,
    breach: (setup) => delete queueOf(setup).RedrivePolicy,
  },
  'function-dead-letter-queue': {
    of: isMapping,
    breach: ({ fn, mapping, source, deadLetters }) => {
      const TargetArn = { 'Fn::GetAtt': deadLetters.arn.split('.') };
      if (fn.CodeUri === undefined) fn.DeadLetterConfig = { TargetArn };
      else fn.DeadLetterQueue = { Type: 'SQS', TargetArn };
      delete source?.properties.RedrivePolicy;
      delete mapping.DestinationConfig;
    },
    also: ['no-dead-letter-queue', 'stream-discards'],
  },
  'max-receive-count-1': {
    of: isQueue,
    breach: (setup) => (queueOf(setup).RedrivePolicy!.maxReceiveCount = 1),
  },
  'max-receive-count-low': {
    of: isQueue,
    mend: (setup) => (queueOf(setup).RedrivePolicy!.maxReceiveCount = 5),
    breach: (setup) => (queueOf(setup).RedrivePolicy!.maxReceiveCount = 4),
  },
  'expires-before-dead-letter': {
    of: isQueue,
    breach: (setup) => {
      const queue = queueOf(setup);
      queue.MessageRetentionPeriod = queue.VisibilityTimeout! * queue.RedrivePolicy!.maxReceiveCount! - 1;
    },
  },
  'dead-letter-queue-kind': {
    of: isQueue,
    breach: (setup) => (setup.deadLetters.properties.FifoQueue = !queueOf(setup).FifoQueue),
  },
  'dead-letter-retention': {
    of: isStandard,
    breach: ({ deadLetters }) => (deadLetters.properties.MessageRetentionPeriod = 1_800),
  },
};
