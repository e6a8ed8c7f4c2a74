/** The class API for the stream of a table: inserted, modified and removed items. */
import type { Context, DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';

import { BatchProcessor, EventType, processPartialResponse } from '../lib';

const processor = new BatchProcessor(EventType.DynamoDBStreams);
const published = new Map<string, string>();

async function publish({ eventName, dynamodb }: DynamoDBRecord): Promise<void> {
  const id = dynamodb?.Keys?.id?.S ?? '';
  if (eventName === 'REMOVE') {
    published.delete(id);
    return;
  }
  const title = dynamodb?.NewImage?.title?.S;
  if (title === undefined) throw new TypeError(`Article ${id} has no title.`);
  published.set(id, title);
}

export const handler = (event: DynamoDBStreamEvent, context: Context): Promise<DynamoDBBatchResponse> =>
  processPartialResponse(event, publish, processor, { context });
