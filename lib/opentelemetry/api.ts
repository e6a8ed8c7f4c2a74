// A file of its own, always built as CommonJS: in an ES module, bundlers do not see `require`. Within a try, they do not
// insist on a package that is not installed.
import type { Peer } from '../batch/peer';

/** What `@opentelemetry/api` exports. */
export type Api = typeof import('@opentelemetry/api');

/** The package as bundlers see it. */
export function openTelemetryApi(): Peer<Api> {
  try {
    return { peer: require('@opentelemetry/api') as Api };
  } catch (cause) {
    return { cause };
  }
}
