/** The class API for a Kinesis stream, whose data is base64. */
import type { Context, KinesisStreamBatchResponse, KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';

import { BatchProcessor, EventType, processPartialResponse } from '../lib';

interface Reading {
  readonly sensor: string;
  readonly takenAt: string;
  readonly celsius: number | null;
}

const processor = new BatchProcessor(EventType.KinesisDataStreams);
const readings = new Map<string, number>();

async function saveReading({ kinesis }: KinesisStreamRecord): Promise<void> {
  const { sensor, takenAt, celsius } = JSON.parse(Buffer.from(kinesis.data, 'base64').toString()) as Reading;
  if (celsius === null) throw new TypeError(`Sensor ${sensor} sent no temperature.`);
  readings.set(`${sensor} ${takenAt}`, celsius);
}

export const handler = (event: KinesisStreamEvent, context: Context): Promise<KinesisStreamBatchResponse> =>
  processPartialResponse(event, saveReading, processor, { context });
