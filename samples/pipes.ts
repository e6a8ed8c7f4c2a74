/** A queue behind EventBridge Pipes, which calls its target with an array: those messages that fail return to the queue. */
import { BatchHandler } from '../lib';
import { json } from '../lib/payload';
import { pipe } from '../lib/pipes';

export interface Parcel {
  readonly id: string;
  readonly grams: number;
}

export class Depot {
  readonly #parcels = new Map<string, Parcel>();

  async register(parcel: Parcel): Promise<void> {
    if (parcel.grams > 31_500) throw new RangeError(`Parcel ${parcel.id} is too heavy.`);
    this.#parcels.set(parcel.id, parcel);
  }
}

export class ParcelHandler {
  constructor(private readonly depot = new Depot()) {}

  @BatchHandler({ source: pipe('SQS'), payload: json<Parcel>() })
  async handle(parcel: Parcel): Promise<void> {
    await this.depot.register(parcel);
  }
}

export const handler = new ParcelHandler().handle;
