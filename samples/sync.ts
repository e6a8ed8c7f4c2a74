/** The class API without promises: one record after another, and the answer is a plain value. */
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';

import { BatchProcessorSync, EventType, processPartialResponseSync } from '../lib';

interface Coupon {
  readonly code: string;
  readonly percent: number;
}

const processor = new BatchProcessorSync(EventType.SQS);
const coupons = new Map<string, number>();

function addCoupon(record: SQSRecord): void {
  const { code, percent } = JSON.parse(record.body) as Coupon;
  if (percent > 100) throw new RangeError(`Coupon ${code} takes off more than everything.`);
  coupons.set(code, percent);
}

export const handler = (event: SQSEvent, context: Context): SQSBatchResponse =>
  processPartialResponseSync(event, addCoupon, processor, { context });
