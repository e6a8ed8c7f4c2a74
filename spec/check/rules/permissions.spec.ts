import { describeRule } from '../support/describe-rule';
import { allowing, kinesis, ours, oursFor, reporting, sqs } from '../support/model';

const delaying = ours({ delaysRetries: true });

describeRule('retry-delay-permission', {
  finds: {
    'a role that only reads the queue': {
      mapping: sqs({ function: { grants: [allowing('sqs:ReceiveMessage', 'sqs:DeleteMessage')] } }),
      handler: delaying,
      is: 'warning',
      says: 'The function may not change the visibility timeout of messages: those that fail are not delayed, and each batch logs a warning',
      fix: 'Action: sqs:ChangeMessageVisibility, Resource: <ARN of the queue>',
      at: 'function',
      needs: ['function', 'function.grants'],
    },
    'a role that may do nothing': {
      mapping: sqs({ function: { grants: [] } }),
      handler: delaying,
      is: 'warning',
      says: 'The function may not change the visibility timeout of messages: those that fail are not delayed, and each batch logs a warning',
      fix: 'Action: sqs:ChangeMessageVisibility, Resource: <ARN of the queue>',
      at: 'function',
      needs: ['function', 'function.grants'],
    },
    'actions that look like it': {
      mapping: sqs({
        function: { grants: [allowing('sqs:ChangeMessageVisibilityBatch', 'sqs.ChangeMessageVisibility', 'sqs:?')] },
      }),
      handler: delaying,
      is: 'warning',
      says: 'The function may not change the visibility timeout of messages: those that fail are not delayed, and each batch logs a warning',
      fix: 'Action: sqs:ChangeMessageVisibility, Resource: <ARN of the queue>',
      at: 'function',
      needs: ['function', 'function.grants'],
    },
  },
  passes: {
    ...Object.fromEntries(
      [
        ...['sqs:ChangeMessageVisibility', 'SQS:changemessagevisibility', 'sqs:ChangeMessage*', 'sqs:*', '*'],
        ...['sqs:*Visibility', 'sqs:ChangeMessageVisibilit?', '*:*'],
      ].map((action) => [
        `a role that allows ${action}`,
        {
          mapping: sqs({ function: { grants: [allowing('logs:*'), allowing('sqs:Get*', action)] } }),
          handler: delaying,
        },
      ]),
    ),
    'a handler that delays nothing': { mapping: sqs() },
    'one of two entries that delays nothing': { mapping: sqs(), handler: ours({ delaysRetries: true }, {}) },
    'a handler of other code': { mapping: sqs(), handler: reporting },
  },
});

const delivering = { deadLetterQueues: ['https://sqs.eu-west-1.amazonaws.com/123456789012/dead-letters'] };

describeRule('dead-letter-permission', {
  finds: {
    'a role that only reads the queue': {
      mapping: sqs(),
      handler: ours(delivering),
      is: 'error',
      says: 'The function may not send messages: what its handler would deliver to a dead-letter queue fails there too, and comes back',
      fix: 'Action: sqs:SendMessage, Resource: <ARN of the dead-letter queue>',
      at: 'function',
      needs: ['function', 'function.grants'],
    },
    'a stream too': {
      mapping: kinesis(),
      handler: oursFor(kinesis(), delivering),
      is: 'error',
      says: 'The function may not send messages: what its handler would deliver to a dead-letter queue fails there too, and comes back',
      fix: 'Action: sqs:SendMessage, Resource: <ARN of the dead-letter queue>',
      at: 'function',
      needs: ['function', 'function.grants'],
    },
  },
  passes: {
    'a role that may': {
      mapping: sqs({ function: { grants: [allowing('sqs:SendMessage')] } }),
      handler: ours(delivering),
    },
    'a handler that delivers nothing': { mapping: sqs() },
    'a handler of other code': { mapping: sqs(), handler: reporting },
  },
});
