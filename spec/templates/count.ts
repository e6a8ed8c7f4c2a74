/** Puts every fault into every template that can have it, and prints what was found: `npx ts-node spec/templates/count.ts`. */
import { breaches } from './breaches';
import { inject, type Injected } from './inject';
import { synthesiseAll } from './synthesise';

async function main(): Promise<void> {
  const injected: Injected[] = [];
  for (const synthesised of await synthesiseAll()) {
    for (const rule of Object.keys(breaches)) injected.push(...[(await inject(rule, synthesised)) ?? []].flat());
  }
  const found = injected.filter((each) => !each.before && each.found);
  const falseAlarms = injected.flatMap((each) => each.falseAlarms);
  const rules = new Set(injected.map(({ rule }) => rule));
  console.log(
    `${injected.length} faults of ${rules.size} rules, ${found.length} found, ${falseAlarms.length} false alarms`,
  );
}

void main();
