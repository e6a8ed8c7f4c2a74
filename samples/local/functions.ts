import type { Context, KinesisStreamEvent, SQSEvent } from 'aws-lambda';

import { lambdaHandler } from '../../lib';
import type { kafka, KafkaEvent } from '../../lib/kafka';
import { Carrier, type Parcel, ParcelHandler } from '../fifo-groups-side-by-side';
import { type Reading, ReadingHandler, Thermometers } from '../kafka';
import { MeterBoard, MeterHandler, type MeterReading } from '../kinesis-by-key';
import { type Order, OrderHandler, OrderRepository } from '../sqs';

/** Does what a message asks for, unless it is to fail this time. */
export type Attempt = (id: string, act: () => Promise<void>) => Promise<void>;

export type Entry<E> = (event: E, context: Context) => unknown;

/** What makes the function of each source, given what its collaborators do their work with. */
export interface Functions {
  readonly standard: (attempt: Attempt) => Entry<SQSEvent>;
  readonly fifo: (attempt: Attempt) => Entry<SQSEvent>;
  readonly stream: (attempt: Attempt) => Entry<KinesisStreamEvent>;
  readonly kafka: (attempt: Attempt) => Entry<KafkaEvent>;
}

/** The handlers of samples; only their collaborators are made to fail now and then, and are watched. */
export const sampleFunctions: Functions = {
  standard(attempt) {
    class Orders extends OrderRepository {
      override save(order: Order): Promise<void> {
        return attempt(order.id, () => super.save(order));
      }
    }
    return lambdaHandler(new OrderHandler(new Orders()), 'handle');
  },

  fifo(attempt) {
    class WatchedCarrier extends Carrier {
      override label(parcel: Parcel): Promise<void> {
        return attempt(parcel.id, () => super.label(parcel));
      }
    }
    return lambdaHandler(new ParcelHandler(new WatchedCarrier()), 'handle');
  },

  stream(attempt) {
    class Meters extends MeterBoard {
      override advance(reading: MeterReading): Promise<void> {
        return attempt(`reading-${Math.abs(reading.kilowattHours)}`, () => super.advance(reading));
      }
    }
    return lambdaHandler(new MeterHandler(new Meters()), 'handle');
  },

  kafka(attempt) {
    class WatchedThermometers extends Thermometers {
      override set(room: string, reading: Reading): Promise<void> {
        const { celsius } = reading;
        const id = `temperature-${celsius < 0 ? celsius / -1_000 : celsius}`;
        return attempt(id, () => super.set(room, reading));
      }
      override forget(room: string): Promise<void> {
        return attempt(room, () => super.forget(room));
      }
    }
    return lambdaHandler<typeof kafka>(new ReadingHandler(new WatchedThermometers()), 'handle');
  },
};
