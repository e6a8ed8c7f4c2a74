// Runs scripts of package.json one after another, as parts of one: says which runs, and at the end how long each took.
import { spawnSync } from 'node:child_process';

const parts = process.argv.slice(2);
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const took = [];

for (const [index, part] of parts.entries()) {
  console.log(`\n== ${index + 1} of ${parts.length}: npm run ${part}`);
  const started = performance.now();
  const { status, signal } = spawnSync(npm, ['run', '--silent', part], { stdio: 'inherit' });
  took.push(`${((performance.now() - started) / 1000).toFixed(1).padStart(8)} s  ${part}`);
  if (status !== 0) {
    took[took.length - 1] += signal === null ? `: failed with exit code ${status}` : `: ended by ${signal}`;
    process.exitCode = status ?? 1;
    break;
  }
}
console.log(`\n${took.join('\n')}`);
