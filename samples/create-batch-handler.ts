/** The entry without a decorator, for code that is run by type stripping, or is JavaScript: same options, same answers. */
import type { SQSRecord } from 'aws-lambda';

import { createBatchHandler } from '../lib';

interface Subscription {
  readonly address: string;
  readonly list: string;
}

const lists = new Map<string, Set<string>>([['news', new Set()]]);

async function subscribe(record: SQSRecord): Promise<void> {
  const { address, list } = JSON.parse(record.body) as Subscription;
  const addresses = lists.get(list);
  if (addresses === undefined) throw new RangeError(`There is no list ${list}.`);
  addresses.add(address);
}

export const handler = createBatchHandler({ source: 'SQS' }, subscribe);
