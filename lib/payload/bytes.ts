import { reader } from './marked';

/** Reads the data of a Kinesis record, or what another reader has decoded, as it is. */
export const bytes = (): ((raw: Buffer) => Buffer) => reader(['bytes'], (raw: Buffer) => raw);
