import { failuresIn, type WorkloadOptions } from './workload';

/** How often a message is delivered before it is given up on. */
export const ATTEMPTS = 5;

/** What a run is about to do, in lines of 80 columns. */
export function describeRun({ messages, failing, groups, seed }: WorkloadOptions): string {
  const { always, once, twice } = failuresIn({ messages, failing });
  const failures = always + once + twice;
  return [
    'Samples handle batches of local queues, a stream and a topic, as in Lambda. No',
    'AWS account is needed, and nothing is sent from this machine.',
    '',
    `Each source gets ${counted(messages, 'message')}, whose order is to be kept within each of`,
    `${counted(groups, 'group')}, or keys (that of the standard queue is free).`,
    failures === 0
      ? 'None of them is made to fail.'
      : `${failures} of them ${failures === 1 ? 'is' : 'are'} made to fail: ${always} always, ${once} once, ${twice} twice.`,
    `What fails is delivered again, and is a dead letter after ${ATTEMPTS} deliveries.`,
    `(--messages ${messages} --failing ${failing} --groups ${groups} --seed ${seed})`,
    '',
  ].join('\n');
}

/** What to do after a run. */
export const nextSteps = `
Next:
  npm start -- --sample fifo    one sample on one batch, record by record
  npm start -- --samples        all of them; the code is in samples/
  npm start -- --failing 0.5    the same run, in which half of the messages fail
  npm start -- --help           what else there is`;

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
