import type { Counter, Histogram, Meter, MeterProvider } from '@opentelemetry/api';

import { CONSUMED_MESSAGES, PROCESS_DURATION, SCOPE } from './conventions';

export interface Instruments {
  readonly consumed: Counter;
  readonly duration: Histogram;
}

/** Gives the instruments of a provider, made once for each: a global one may be registered after the first batch. */
export function instrumentsByProvider(): (provider: MeterProvider) => Instruments {
  const known = new WeakMap<MeterProvider, Instruments>();
  return (provider) => {
    let instruments = known.get(provider);
    if (instruments === undefined) {
      instruments = instrumentsOf(provider.getMeter(SCOPE));
      known.set(provider, instruments);
    }
    return instruments;
  };
}

function instrumentsOf(meter: Meter): Instruments {
  return {
    consumed: meter.createCounter(CONSUMED_MESSAGES, {
      unit: '{message}',
      description: 'Number of messages that were delivered to the application.',
    }),
    duration: meter.createHistogram(PROCESS_DURATION, {
      unit: 's',
      description: 'Duration of processing operation.',
      // Those that the conventions ask for.
      advice: { explicitBucketBoundaries: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] },
    }),
  };
}
