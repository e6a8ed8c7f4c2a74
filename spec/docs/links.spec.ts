import { expect } from 'chai';
import { dirname, join } from 'node:path';

import { sampleNames } from '../../samples/support/load';
import { allPages, anchorsOf, isThere, pageOf, proseOf } from './pages';

interface Link {
  readonly from: string;
  readonly to: string;
}

const linksOf = (file: string, text: string): Link[] =>
  [
    ...proseOf(text)
      .replace(/`[^`\n]*`/g, '')
      .matchAll(/\]\(([^)\s]+)\)/g),
  ].map(([, to]) => ({ from: file, to: to! }));

/** What is wrong with a link; undefined where it leads somewhere. */
function faultOf({ from, to }: Link): string | undefined {
  if (/^https:\/\//.test(to)) return undefined; // no spec asks the network
  const [path, anchor] = to.split('#') as [string, string?];
  const file = path === '' ? from : join(dirname(from), path).replaceAll('\\', '/');
  if (!isThere(file)) return `${from}: there is no ${file}`;
  if (anchor === undefined) return undefined;
  return anchorsOf(pageOf(file).text).has(anchor) ? undefined : `${from}: ${file} has no #${anchor}`;
}

describe('The links of README and docs', () => {
  const pages = allPages();
  const links = pages.flatMap(({ file, text }) => linksOf(file, text));

  it('lead to files and headings that are there', () => {
    expect(links.length).to.be.above(150);

    expect(links.map(faultOf).filter((fault) => fault !== undefined)).to.deep.equal([]);
  });

  it('go from README, and from the first page of docs, to pages that tell of everything', () => {
    const reached = new Set<string>();
    const visit = (file: string): void => {
      if (reached.has(file) || !file.endsWith('.md') || !isThere(file)) return;
      reached.add(file);
      for (const { to } of linksOf(file, pageOf(file).text)) {
        if (!to.startsWith('https://')) visit(join(dirname(file), to.split('#')[0]!).replaceAll('\\', '/'));
      }
    };
    visit('README.md');

    const pagesOfSite = pages.map(({ file }) => file).filter((file) => !file.startsWith('docs/decisions/'));
    expect(pagesOfSite.filter((file) => !reached.has(file))).to.deep.equal([]);
  });

  it('would be found dead', () => {
    expect(faultOf({ from: 'docs/order.md', to: 'moon.md' })).to.equal('docs/order.md: there is no docs/moon.md');
    expect(faultOf({ from: 'README.md', to: 'docs/order.md#moon' })).to.equal('README.md: docs/order.md has no #moon');
    expect(faultOf({ from: 'docs/order.md', to: '../samples/fifo.ts' })).to.equal(undefined);
  });

  it('reach every sample from the recipes', () => {
    const { text } = pageOf('docs/recipes.md');
    const fileOf = (name: string): string => name.replace(/^dialect-(.*)/, 'dialects/$1/order-handler');
    expect(sampleNames.map(fileOf).filter((name) => !text.includes(`/${name}.ts)`))).to.deep.equal([]);
  });
});
