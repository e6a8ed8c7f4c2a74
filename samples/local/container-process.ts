/** What `npm start -- --container` starts: the consumer of the sample, whose carrier tells what it does, a line each. */
import { setTimeout as wait } from 'node:timers/promises';

import { startConsumer } from '../container/consumer';
import { Carrier, type Parcel } from '../fifo-groups-side-by-side';

/** How long a label takes: so that several groups are at work when a signal comes. */
const LABEL_MS = 2;

/** Every so many parcels one fails, when it is first seen. */
const FAILING = 50;

/** After so many labels the service is gone, and all that begins hangs: so that there is something to interrupt. */
const HANGS_AFTER = Number(process.env.HANGS_AFTER);

class TellingCarrier extends Carrier {
  readonly #failed = new Set<string>();
  #count = 0;

  override async label(parcel: Parcel): Promise<void> {
    const { id } = parcel;
    console.log(`began ${id}`);
    if (this.#count >= HANGS_AFTER) await new Promise(() => undefined);
    await wait(LABEL_MS);
    if (Number(id.split('-')[1]) % FAILING === 0 && !this.#failed.has(id)) {
      this.#failed.add(id);
      console.log(`failed ${id}`);
      throw new Error(`There is nobody to label ${id} for a moment.`);
    }
    await super.label(parcel);
    this.#count++;
    console.log(`succeeded ${id}`);
  }
}

console.error = console.warn = () => undefined; // of what fails the carrier tells
startConsumer(process.env, new TellingCarrier());
