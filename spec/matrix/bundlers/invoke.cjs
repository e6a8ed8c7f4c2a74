// node bundlers/invoke.cjs FILE: gives the handler three messages, one that is bad and one that is no JSON; prints what
// it answers, or the message of what it throws
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const [file] = process.argv.slice(2);
const bodies = { good: '{"id":"good"}', bad: '{"id":"bad"}', broken: 'bad JSON' };
const Records = Object.entries(bodies).map(([messageId, body]) => ({
  messageId,
  body,
  receiptHandle: messageId,
  attributes: { ApproximateReceiveCount: '1' },
  messageAttributes: {},
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:eu-west-1:123456789012:orders',
}));

async function main() {
  // As Lambda loads it.
  const loaded = file.endsWith('.cjs') ? require(path.resolve(file)) : await import(pathToFileURL(path.resolve(file)));
  const { batchItemFailures } = await loaded.handler({ Records }, {});
  console.log(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier).join(' '));
}

main().catch(({ message }) => console.log(message));
