export type { Chunk } from '../batch/chunking';
export { ChunkError } from './chunk-error';
export { type ChunkOptions, chunksOf } from './chunks-of';
