export { type Guard, partialResponses, type PartialResponsesOptions } from './partial-responses';
