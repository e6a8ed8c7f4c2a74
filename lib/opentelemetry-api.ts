// A file of its own, built as CommonJS, for the reasons in peers.ts.
import type { Peer } from './peers';

/** What `@opentelemetry/api` exports. */
export type Api = typeof import('@opentelemetry/api');

export function openTelemetryApi(): Peer<Api> {
  try {
    return { peer: require('@opentelemetry/api') as Api };
  } catch (cause) {
    return { cause };
  }
}
