export { delayBy, type RetryDelay, type RetryDelayOptions } from './delay-by';
export { exponentialBackoff, type ExponentialBackoffOptions } from './exponential-backoff';
