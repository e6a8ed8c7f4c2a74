// Links functions for a parent that waits for this process to end: `linkHandlersSync`.
import { readFileSync } from 'node:fs';

import { linkAll } from './link-all';
import { takeScriptsFrom } from './scripts';

takeScriptsFrom(__dirname);
const asked = JSON.parse(readFileSync(0, 'utf8')) as Parameters<typeof linkAll>;
void linkAll(...asked).then((linked) => {
  process.stdout.write(JSON.stringify(linked));
});
