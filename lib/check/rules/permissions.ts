import type { Grant, Rule } from '../model';
import { error, warning } from './breach';
import { entriesThatAll } from './entries';
import { given } from './given';
import { sqsApi } from './pages';

export const retryDelayPermission: Rule = {
  id: 'retry-delay-permission',
  source: `${sqsApi}/API_ChangeMessageVisibility.html`,
  check(mapping, { handler }) {
    if (!entriesThatAll(mapping, handler, ({ delaysRetries }) => delaysRetries)) return undefined;
    return given([mapping.function, mapping.function?.grants], (fn, grants) => {
      if (allow(grants, 'sqs:ChangeMessageVisibility')) return undefined;
      return warning(
        'The function may not change the visibility timeout of messages:' +
          ' those that fail are not delayed, and each batch logs a warning',
        'Action: sqs:ChangeMessageVisibility, Resource: <ARN of the queue>',
        fn,
      );
    });
  },
};

export const deadLetterPermission: Rule = {
  id: 'dead-letter-permission',
  source: `${sqsApi}/API_SendMessageBatch.html`,
  check(mapping, { handler }) {
    if (!entriesThatAll(mapping, handler, ({ deadLetterQueues }) => deadLetterQueues.length > 0)) return undefined;
    return given([mapping.function, mapping.function?.grants], (fn, grants) => {
      if (allow(grants, 'sqs:SendMessage')) return undefined;
      return error(
        'The function may not send messages:' +
          ' what its handler would deliver to a dead-letter queue fails there too, and comes back',
        'Action: sqs:SendMessage, Resource: <ARN of the dead-letter queue>',
        fn,
      );
    });
  },
};

function allow(grants: readonly Grant[], action: string): boolean {
  return grants.some(({ actions }) => actions.some((pattern) => matches(pattern, action)));
}

/** Actions are the same in any case, `*` stands for any text, and `?` for a character. */
function matches(pattern: string, action: string): boolean {
  const escaped = pattern.replace(/[^\w*?]/g, '\\$&');
  return new RegExp(`^${escaped.replace(/\*/g, '.*').replace(/\?/g, '.')}$`, 'i').test(action);
}
