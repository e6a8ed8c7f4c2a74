import { handlerBreaches } from './handlers';
import { mappingBreaches } from './mappings';
import { queueBreaches } from './queues';
import type { Breach } from './setup';

/** How each rule of lib/check is broken, by its id. */
export const breaches: Readonly<Record<string, Breach>> = { ...mappingBreaches, ...queueBreaches, ...handlerBreaches };
