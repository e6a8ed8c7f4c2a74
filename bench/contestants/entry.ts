import type { Context } from 'aws-lambda';
import type { KafkaItemIdentifier } from 'lambda-batch-handler/kafka';

/** What all contestants answer. */
export interface Answer {
  batchItemFailures: { itemIdentifier: string | KafkaItemIdentifier }[];
}

/** An identifier in one line. */
export const textOf = (identifier: string | KafkaItemIdentifier): string =>
  typeof identifier === 'string' ? identifier : `${identifier.partition}@${identifier.offset}`;

/** The function that Lambda calls. */
export type Entry<E> = (event: E, context: Context) => Answer | Promise<Answer>;

/** The entry of a decorated method, whose type cannot tell that it is one. */
export const entryOf = <E>(handler: { handle: unknown }): Entry<E> => handler.handle as Entry<E>;
