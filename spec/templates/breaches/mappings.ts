import { type Resource } from '../deployment';
import { type Breach, isFifo, isKafka, isMapping, isQueue, isShard, isStream, type Setup } from './setup';

/** What breaks the rules of event source mappings, by their ids. */
export const mappingBreaches: Readonly<Record<string, Breach>> = {
  'partial-response-off': {
    of: isMapping,
    breach: ({ mapping }) => delete mapping.FunctionResponseTypes,
  },
  'kafka-not-provisioned': {
    of: isKafka,
    breach: ({ mapping }) => delete mapping.ProvisionedPollerConfig,
  },
  'fifo-window': {
    of: isFifo,
    breach: ({ mapping, source }) => {
      mapping.MaximumBatchingWindowInSeconds = 1;
      source!.properties.VisibilityTimeout!++;
    },
  },
  'batch-too-large': {
    of: isQueue,
    breach: ({ mapping }) => (mapping.BatchSize = 11),
  },
  'competing-mappings': {
    of: isQueue,
    breach: ({ template }) => {
      copyTo(template.Resources, /^AWS::(Serverless|Lambda)::Function$/, 'OtherHandler');
      const mapping = copyTo(template.Resources, /^AWS::Lambda::EventSourceMapping$/, 'OtherMapping');
      if (mapping) Object.assign(mapping.Properties, { FunctionName: { Ref: 'OtherHandler' } });
    },
  },
  'concurrency-above-reserved': {
    of: isQueue,
    breach: ({ fn, mapping }) => (fn.ReservedConcurrentExecutions = mapping.ScalingConfig!.MaximumConcurrency! - 1),
  },
  'sqs-ignores-stream-setting': {
    of: isQueue,
    breach: ({ mapping }) => (mapping.MaximumRetryAttempts = 2),
  },
  'stream-retries-unbounded': {
    of: isStream,
    breach: (setup) => {
      delete setup.mapping.MaximumRetryAttempts;
      delete setup.mapping.MaximumRecordAgeInSeconds;
      if (isKafka(setup)) delete setup.mapping.DestinationConfig; // with it Lambda stops after ten retries
    },
  },
  'stream-discards': {
    of: isStream,
    breach: ({ mapping }) => delete mapping.DestinationConfig,
  },
  'stream-destination-fifo': {
    of: isShard,
    breach: ({ deadLetters }) => (deadLetters.properties.FifoQueue = true),
  },
  'record-age-above-retention': {
    of: isShard,
    breach: ({ mapping }) => (mapping.MaximumRecordAgeInSeconds = 86_400),
  },
  'stream-no-bisect': {
    of: isStream,
    breach: ({ mapping }) => delete mapping.BisectBatchOnFunctionError,
  },
  'stream-starts-at-latest': {
    of: isStream,
    breach: ({ mapping }) => (mapping.StartingPosition = 'LATEST'),
  },
  'tumbling-window': {
    of: isShard,
    breach: ({ mapping }) => (mapping.TumblingWindowInSeconds = 60),
  },
};

/** Puts a copy of the one resource of a type beside it, if there is one. */
function copyTo(resources: Setup['template']['Resources'], type: RegExp, id: string): Resource | undefined {
  const found = Object.values(resources).find(({ Type }) => type.test(Type));
  return found && (resources[id] = structuredClone(found));
}
