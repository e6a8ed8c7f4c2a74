// Builds the site, or serves it while it is written: the pages of this folder, one page for each sample, and the API
// reference, which TypeDoc makes of the docstrings. What it makes is left out of git.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const docs = dirname(fileURLToPath(import.meta.url));
const root = dirname(docs);
const isDev = process.argv.includes('--dev');

for (const folder of [root, docs]) {
  if (existsSync(join(folder, 'node_modules'))) continue;
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
}
const bin = (path) => join(docs, 'node_modules', path);
const run = (...args) => execFileSync(process.execPath, args, { cwd: docs, stdio: 'inherit' });

writeSamples(join(docs, 'samples'));
rmSync(join(docs, 'api'), { recursive: true, force: true });
run(bin('typedoc/bin/typedoc'), '--options', join(docs, 'typedoc.mjs'));
const vitepress = bin('vitepress/bin/vitepress.js');
if (isDev) run(vitepress, 'dev', docs, '--host', '127.0.0.1');
else run(vitepress, 'build', docs);

/** A page for each sample and template, named as `pageOfSample` of .vitepress/markdown.ts has it, and one that lists all. */
function writeSamples(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const lines = ['# Samples', '', 'Every file of the folder `samples` that has a handler, and its templates.', ''];
  for (const file of samples()) {
    const code = readFileSync(join(root, 'samples', file), 'utf8').trim();
    const name = file.replace(/\.ts$/, '').replace(/[/.]/g, '-').toLowerCase();
    const title = file.replace(/\.ts$/, '');
    const [, says = ''] = /^(?:\/\*\* |# )(.*?)(?: \*\/)?\n/.exec(code) ?? [];
    writeFileSync(
      join(folder, `${name}.md`),
      `# ${title}\n\n\`samples/${file}\`\n\n\`\`\`${extname(file).slice(1)}\n${code}\n\`\`\`\n`,
    );
    lines.push(`- [${title}](${name}.md)${says && `: ${says.replace(/[<>]/g, '')}`}`);
  }
  writeFileSync(join(folder, 'index.md'), `${lines.join('\n')}\n`);
}

function samples() {
  const files = readdirSync(join(root, 'samples'), { recursive: true }).map((file) => file.replaceAll('\\', '/'));
  return files.filter((file) => /^[^/]+\.ts$|^dialects\/.*\.ts$|^templates\/.*\.(yaml|ts)$/.test(file)).sort();
}
