export { check, type CheckedMapping, type CheckResult } from './check';
export type { CheckOptions } from './check-options';
export type { Finding } from './findings';
export type { MappingKind, Severity } from './model';
export { NothingCheckedError } from './nothing-checked';
