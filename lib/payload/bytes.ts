import { type Marked, marked } from './reader';

/** Reads the data of a Kinesis record, or what another reader has decoded, as it is. */
export const bytes = (): ((raw: Buffer) => Buffer) & Marked => marked(['bytes'], (raw: Buffer) => raw);
