export { check, type CheckedMapping, type CheckOptions, type CheckResult } from './check';
export type { Finding } from './findings';
export type { MappingKind, Severity } from './model';
export { NothingCheckedError } from './nothing-checked';
