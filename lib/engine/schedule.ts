import type { Ordering } from './ordering';

interface Lane {
  busy: boolean;
  /** The index of the failure that stopped the lane, or -1. */
  stoppedBy: number;
  /** Records that arrived while the lane was busy; those before `next` have been taken. */
  readonly parked: number[];
  next: number;
}

/** Who decides which record starts next. */
export interface Scheduling {
  /** The index of the record to start now, or -1 where none may start before another has settled. */
  next(): number;
  /** A record that was started has its outcome. */
  settle(index: number, failed: boolean): void;
}

/**
 * Decides which record starts next. It knows indexes only and runs nothing: a driver asks `next`, runs that record, tells
 * `settle`, and asks again.
 *
 * Records start in arrival order. A record whose lane is busy is parked there, and a lane that becomes free goes on with
 * its own parked records first.
 */
export class Schedule implements Scheduling {
  readonly #count: number;
  readonly #ordering: Ordering;
  /** The lane of each record; the same for all of a batch. Undefined where none is ever busy or stopped. */
  readonly #laneOf: ((index: number) => Lane) | undefined;
  readonly #skip: (index: number, failed: number) => void;
  #cursor = 0;
  #active = 0;
  /** The parked records whose lanes have become free for them, and that have not been asked for yet. */
  readonly #freed: number[] = [];

  /**
   * @param keyOf the key of a record; asked once a record, and only where lanes go by key
   * @param skip is told each record that will not run, and the index of the failure that stopped its lane
   */
  constructor(
    count: number,
    ordering: Ordering,
    keyOf: (index: number) => string | undefined,
    skip: (index: number, failed: number) => void,
  ) {
    this.#count = count;
    this.#ordering = ordering;
    this.#skip = skip;
    // One record at a time, so that its lane is never busy: it is there to be stopped.
    if (ordering.lane === 'batch' && ordering.failureStopsLane) this.#laneOf = always(newLane());
    if (ordering.lane === 'key') this.#laneOf = lanesOf(count, keyOf);
  }

  next(): number {
    if (this.#active >= this.#ordering.concurrency) return -1;
    const index = this.#freed.length > 0 ? this.#freed.shift()! : this.#advance();
    if (index >= 0) this.#active++;
    return index;
  }

  settle(index: number, failed: boolean): void {
    this.#active--;
    const lane = this.#laneOf?.(index);
    if (lane === undefined) return;
    if (failed && this.#ordering.failureStopsLane) {
      lane.stoppedBy = index;
      while (lane.next < lane.parked.length) this.#skip(lane.parked[lane.next++]!, index);
    } else if (lane.next < lane.parked.length) {
      this.#freed.push(lane.parked[lane.next++]!);
    } else {
      lane.busy = false;
    }
  }

  #advance(): number {
    while (this.#cursor < this.#count) {
      const index = this.#cursor++;
      const lane = this.#laneOf?.(index);
      if (lane === undefined) return index;
      if (lane.stoppedBy >= 0) {
        this.#skip(index, lane.stoppedBy);
      } else if (lane.busy) {
        lane.parked.push(index);
      } else {
        lane.busy = true;
        return index;
      }
    }
    return -1;
  }
}

function newLane(): Lane {
  return { busy: false, stoppedBy: -1, parked: [], next: 0 };
}

function always(lane: Lane): () => Lane {
  return () => lane;
}

function lanesOf(count: number, keyOf: (index: number) => string | undefined): (index: number) => Lane {
  const byKey = new Map<string | undefined, Lane>();
  const lanes: Lane[] = [];
  for (let index = 0; index < count; index++) {
    const key = keyOf(index);
    let lane = byKey.get(key);
    if (lane === undefined) {
      lane = newLane();
      byKey.set(key, lane);
    }
    lanes.push(lane);
  }
  return (index) => lanes[index]!;
}
