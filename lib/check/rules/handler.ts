import type { Entry, Rule } from '../model';
import { error, hint, warning } from './breach';
import { entriesThatAll, isForAnother, sourcesOf } from './entries';
import { given } from './given';
import { lambdaGuide } from './pages';

export const handlerMissing: Rule = {
  id: 'handler-missing',
  source: `${lambdaGuide}/nodejs-handler.html`,
  check({ function: fn }, { handler }) {
    if (handler.kind !== 'missing') return undefined;
    return error(
      `Every invocation fails, and no record is ever handled: ${handler.why}`,
      'Handler: <file>.<export>, as they are in the code that is deployed',
      fn,
    );
  },
};

export const sourceMismatch: Rule = {
  id: 'source-mismatch',
  source: `${lambdaGuide}/invocation-eventsourcemapping.html`,
  check(mapping, { handler }) {
    if (handler.kind !== 'ours' || handler.entries.length === 0) return undefined;
    if (!handler.entries.every((entry) => isForAnother(entry, mapping))) return undefined;
    const expected = [...new Set(handler.entries.map(({ source }) => source))].join(' or ');
    const received = sourcesOf(mapping);
    return error(
      `The handler is for ${expected}, and is sent ${received.join(' or ')}:` +
        ' every batch throws UnexpectedBatchTypeError, and no record is ever handled',
      `source: ${received.map((source) => (source === 'Kafka' ? 'kafka' : `'${source}'`)).join(' or ')}`,
    );
  },
};

export const fifoMismatch: Rule = {
  id: 'fifo-mismatch',
  source: `${lambdaGuide}/services-sqs-errorhandling.html`,
  check: (mapping, { handler }) =>
    given([mapping.queue?.isFifo], (isFifo) => {
      // A source of one's own may keep the order in another way.
      const isMismatch = ({ source, fifo }: Entry) => source === 'SQS' && fifo !== isFifo;
      if (!entriesThatAll(mapping, handler, isMismatch)) return undefined;
      return isFifo
        ? error(
            'The handler does not keep the order of its FIFO queue:' +
              ' a message that failed comes back behind those of its group that have succeeded since',
            'fifo: true',
          )
        : warning(
            'The handler keeps an order that its queue does not have:' +
              ' messages behind one that failed come back without having been handled, and use up a receive',
            'fifo: false',
          );
    }),
};

export const tumblingWindow: Rule = {
  id: 'tumbling-window',
  source: `${lambdaGuide}/services-kinesis-windows.html`,
  check: ({ kind, tumblingWindow }, { handler }) =>
    given([tumblingWindow], (length) => {
      if (kind === 'sqs' || handler.kind !== 'ours' || length === 0) return undefined;
      return error(
        'The answer to a tumbling window needs a state, which the handler has not:' +
          ' every batch throws UnexpectedBatchTypeError, and no record is ever handled',
        'TumblingWindowInSeconds: 0',
      );
    }),
};

export const shardOrderWithParallelization: Rule = {
  id: 'shard-order-with-parallelization',
  source: `${lambdaGuide}/services-kinesis-parameters.html`,
  check: (mapping, { handler }) =>
    given([mapping.parallelizationFactor], (factor) => {
      if (factor <= 1 || !entriesThatAll(mapping, handler, ({ order }) => order === 'shard')) return undefined;
      return warning(
        `Lambda hands over ${factor} batches of a shard at once, in order only within a key:` +
          ' the handler keeps no order of the shard, and a failure holds up records of other keys',
        `order: 'key'`,
      );
    }),
};

export const noOrderOnStream: Rule = {
  id: 'no-order-on-stream',
  source: `${lambdaGuide}/services-kinesis-batchfailurereporting.html`,
  check(mapping, { handler }) {
    if (mapping.kind === 'sqs') return undefined;
    if (!entriesThatAll(mapping, handler, ({ order, isPerCall }) => order === undefined && !isPerCall))
      return undefined;
    return hint(
      'The handler keeps no order of the stream: records behind one that fails are handled before it, of its key too',
      mapping.kind === 'kafka' ? `order: 'partition'` : `order: 'key'`,
    );
  },
};
