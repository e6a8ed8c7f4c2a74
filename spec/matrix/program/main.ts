/** Runs every case, and prints what became of it: 'ok', or the error. */
import { getBatchHandlerOptions } from 'lambda-batch-handler';

import { cases } from './cases';
import { Orders, Wrapped } from './handlers';

// What the toolchain really did, before any instance is there that could tell.
const facts = {
  decoratorMetadata: getBatchHandlerOptions(Wrapped, 'handle') !== undefined,
  designTypes: Reflect.hasMetadata('design:paramtypes', Orders.prototype, 'handle'),
  dialect: Object.hasOwn(new Orders(), 'handle') ? 'standard' : 'experimental',
};

async function main(): Promise<void> {
  const results: Record<string, string> = {};
  for (const [name, run] of Object.entries(cases)) {
    try {
      await run();
      results[name] = 'ok';
    } catch (error) {
      results[name] = String(error);
    }
  }
  console.log(JSON.stringify({ facts, results }));
}

void main();
