export { pipe, type PipesKinesisRecord, type PipeSource } from './pipe';
