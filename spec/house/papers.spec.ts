import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { expect } from 'chai';

const root = path.join(__dirname, '../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

const decisions = readdirSync(path.join(root, 'docs/decisions')).map((name) => `docs/decisions/${name}`);
const papers = ['CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', 'docs/versioning.md', ...decisions];

const { version, scripts } = JSON.parse(read('package.json')) as { version: string; scripts: Record<string, string> };

/** What a text names in backticks, such as a file or a script. */
const namedIn = (text: string): string[] => Array.from(text.matchAll(/`([^`\n]+)`/g), ([, name]) => name!);

/** The section of a paper below a heading. */
const section = (text: string, heading: string): string => text.split(`\n## ${heading}\n`)[1]!.split('\n## ')[0]!;

describe('The papers', () => {
  for (const paper of papers) {
    it(`link to what is there, and name files that are: ${paper}`, () => {
      const text = read(paper);
      const links = Array.from(text.matchAll(/\]\(([^)]+)\)/g), ([, target]) => target!)
        .filter((target) => !target.startsWith('http'))
        .map((target) => path.join(path.dirname(paper), target));
      const files = namedIn(text).filter((name) => /^(lib|spec|samples|docs|bench)(\/[\w.-]+)*$/.test(name));

      expect([...links, ...files].filter((file) => !existsSync(path.join(root, file)))).to.deep.equal([]);
    });

    it(`name scripts that there are: ${paper}`, () => {
      const run = Array.from(read(paper).matchAll(/npm run ([\w:]+)/g), ([, name]) => name!);

      expect(run.filter((name) => !(name in scripts))).to.deep.equal([]);
    });
  }

  it('say of what npm test consists', () => {
    const parts = scripts.test!.split(' ').slice(2);
    const green = section(read('CONTRIBUTING.md'), 'What has to be green');

    expect(namedIn(green).filter((name) => parts.includes(name))).to.deep.equal(parts);
    expect(parts.filter((name) => !(name in scripts))).to.deep.equal([]);
    expect(read('.c8rc.json').match(/": 100/g)).to.have.length(4); // as they say of coverage
  });

  it('name the rooms of lib, each with its job', () => {
    const table = section(read('CONTRIBUTING.md'), 'The rooms');
    const named = table.split('\n').flatMap((line) => namedIn(/^\| (`.*?) \|/.exec(line)?.[1] ?? ''));
    const rows = /const table.*?= \{\n(.*?)\n\};/s.exec(read('spec/house/rooms.spec.ts'))![1]!;
    const rooms = Array.from(rows.matchAll(/^ {2}'?([\w.-]+)'?: \[/gm), ([, room]) => room!);

    expect(named).to.have.members(rooms.filter((room) => !room.endsWith('.ts')));
  });

  it('have a section for the version that is to be published, and one for what comes next', () => {
    const headings = Array.from(read('CHANGELOG.md').matchAll(/^## \[(.+?)\]/gm), ([, name]) => name);

    expect(headings.slice(0, 2)).to.deep.equal(['Unreleased', version]);
  });

  it('tell of each subpath in the changelog', () => {
    const { exports } = JSON.parse(read('package.json')) as { exports: object };
    const subpaths = Object.keys(exports)
      .filter((name) => !['.', './types', './package.json'].includes(name))
      .map((name) => `lambda-batch-handler${name.slice(1)}`);

    expect(subpaths.filter((name) => !namedIn(read('CHANGELOG.md')).includes(name))).to.deep.equal([]);
  });

  it('have a page for each decision, with context, decision and consequences, and a list of them', () => {
    const pages = decisions.filter((page) => !page.endsWith('README.md'));
    const list = read('docs/decisions/README.md');

    expect(pages.length).to.be.above(9);
    for (const page of pages) {
      const text = read(page);
      expect(
        Array.from(text.matchAll(/^## (.+)$/gm), ([, heading]) => heading),
        page,
      ).to.deep.equal(['Context', 'Decision', 'Consequences']);
      expect(list).to.include(`[${text.split('\n')[0]!.slice(2)}](${path.basename(page)})`);
    }
  });

  it('tell of no address, and of one page to contribute', () => {
    expect(read('SECURITY.md')).not.to.match(/\w@\w|https?:/);
    expect(read('CONTRIBUTING.md').trimEnd().split('\n').length).to.be.below(70);
  });
});
