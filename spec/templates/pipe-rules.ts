import { textOf, type With } from './deployment';
import type { Rule } from './rules';
import { allows, disallow } from './statements';

const fiveMinutes = 5 * 60;

const queueActions = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
const functionActions = ['lambda:InvokeFunction'];

/**
 * What holds for a pipe from a queue to the function: what the rules of lib/check say of the queue of a mapping, which a pipe
 * is none of, holds for its queue as well.
 */
export const pipeRules: readonly Rule<With<'pipe' | 'source'>>[] = [
  {
    fault: 'the invocation type is not REQUEST_RESPONSE, and the answer would go nowhere',
    holds: ({ pipe: { properties } }) =>
      properties.TargetParameters?.LambdaFunctionParameters?.InvocationType === 'REQUEST_RESPONSE',
    breach: ({ pipe }) => delete pipe.properties.TargetParameters,
  },
  {
    fault: 'the records are transformed, and may lose what their failures are reported by',
    holds: ({ pipe }) => pipe.properties.TargetParameters?.InputTemplate === undefined,
    breach: ({ pipe }) => (pipe.properties.TargetParameters!.InputTemplate = '{ "order": <$.body> }'),
  },
  {
    fault: 'the function may run longer than the 5 minutes that a pipe has',
    holds: ({ fn }) => fn.Timeout! <= fiveMinutes,
    breach: ({ fn }) => (fn.Timeout = fiveMinutes + 1),
  },
  {
    fault: 'the visibility timeout is below six times the function timeout and the batching window',
    holds: ({ fn: { Timeout = 3 }, source, batching }) =>
      (source.properties.VisibilityTimeout ?? 30) >= 6 * Timeout + (batching.MaximumBatchingWindowInSeconds ?? 0),
    breach: ({ source }) => source.properties.VisibilityTimeout!--,
  },
  {
    fault: 'a batch of more than 10 has no batching window',
    holds: ({ batching: { BatchSize = 10, MaximumBatchingWindowInSeconds: window = 0 } }) =>
      BatchSize <= 10 || window >= 1,
    breach: ({ batching }) => Object.assign(batching, { BatchSize: 11, MaximumBatchingWindowInSeconds: 0 }),
  },
  {
    fault: 'messages do not leave for a dead-letter queue',
    holds: ({ deadLetters }) => deadLetters?.type === 'AWS::SQS::Queue',
    breach: ({ source }) => delete source.properties.RedrivePolicy,
  },
  {
    fault: 'the dead-letter queue is not of the same kind as the queue',
    holds: ({ source, deadLetters }) => deadLetters?.properties.FifoQueue === source.properties.FifoQueue,
    breach: ({ source, deadLetters }) => (deadLetters!.properties.FifoQueue = !source.properties.FifoQueue),
  },
  {
    fault: 'the pipe may not read its queue',
    holds: ({ pipe, source }) => allows(pipe.statements, queueActions, source),
    breach: ({ pipe }) => disallow(pipe.statements, 'sqs:DeleteMessage'),
  },
  {
    fault: 'the pipe may not call the function',
    holds: ({ pipe }) => allows(pipe.statements, functionActions, pipe.target),
    breach: ({ pipe }) => disallow(pipe.statements, 'lambda:InvokeFunction'),
  },
  {
    fault: 'the pipe may do more than read its queue and call the function',
    holds: ({ pipe: { role, statements, target }, source }) =>
      !role.ManagedPolicyArns?.length &&
      statements.every(({ Action, Resource }) => {
        const needed = { [source.arn]: queueActions, [target!.arn]: functionActions }[textOf(Resource) ?? ''];
        return [Action].flat().every((action) => needed?.includes(action));
      }),
    breach: ({ pipe }) => (pipe.statements[0]!.Action = [...queueActions, 'sqs:SendMessage']),
  },
  {
    fault: 'the role of the pipe is not for pipes of this account alone',
    holds: ({ pipe }) => {
      const [{ Principal, Condition } = {}, ...others] = pipe.role.AssumeRolePolicyDocument.Statement;
      return (
        Principal?.Service === 'pipes.amazonaws.com' &&
        textOf(Condition?.StringEquals?.['aws:SourceAccount']) === 'AWS::AccountId' &&
        others.length === 0
      );
    },
    breach: ({ pipe }) => delete pipe.role.AssumeRolePolicyDocument.Statement[0]!.Condition,
  },
];
