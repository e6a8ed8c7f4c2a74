import { expect } from 'chai';

import { createBatchHandler } from '../../lib';
import { allPages, blocksOf, docs, pageOf } from './pages';
import { llms, llmsFull } from '../../docs/.vitepress/llms';
import { navigation } from '../../docs/.vitepress/pages';

const { text: readme } = pageOf('README.md');
const pages = allPages().filter(({ file }) => file !== 'README.md');

/** The options in the first column of a table that has code in it. */
const optionsIn = (text: string): string[] =>
  [...text.matchAll(/^\|(?:[^|`]*\|)? `(\w+)` \|/gm)].map(([, name]) => name!);

const section = (text: string, heading: string): string => text.split(`\n## ${heading}\n`)[1]!.split('\n## ')[0]!;

describe('README', () => {
  it('has at most 250 lines', () => {
    expect(readme.trimEnd().split('\n').length).to.be.at.most(250);
  });

  it('has no snippet that is not, word for word, on a page of the site as well', () => {
    const all = pages.flatMap(({ text }) => blocksOf(text).map(({ code }) => code));

    expect(blocksOf(readme).filter(({ code }) => !all.includes(code))).to.deep.equal([]);
  });

  it('has every option in its table, as the page of options has, and the library itself', () => {
    let known: string[] = [];
    try {
      createBatchHandler({ moon: true } as never, (() => undefined) as never);
    } catch (error) {
      known = /expected one of (.*)\.$/.exec((error as Error).message)![1]!.split(', ');
    }

    expect(known).to.include('source');
    expect(optionsIn(section(readme, 'Options'))).to.have.members(known);
    expect(optionsIn(section(pageOf('docs/handler.md').text, 'Options'))).to.have.members(known);
  });

  it('has the lanes of the page about order', () => {
    const lanes = (text: string): string[] =>
      text.split('\n').filter((line) => /^\| (nothing|`|streams|Kafka)/.test(line));
    const plain = (line: string): string => line.replace(/ +\|/g, ' |');

    const ofPage = lanes(pageOf('docs/order.md').text).map(plain);
    expect(ofPage).to.have.length(6);
    expect(lanes(section(readme, 'Order')).map(plain)).to.deep.equal(ofPage);
  });
});

describe('The site', () => {
  const listed = navigation(docs).flatMap((group) => group.pages);

  it('has every page in its navigation, once', () => {
    const files = pages.map(({ file }) => file.replace(/^docs\/(.*)\.md$/, '$1')).filter((file) => file !== 'index');

    expect(listed.map(({ file }) => file)).to.have.members(files);
  });

  it('names a page in its navigation by its heading', () => {
    expect(listed.find(({ file }) => file === 'own-source')!.title).to.equal('A source of your own');
  });

  it('gives language models a list of its pages, each with what it is about, and all of them in one file', () => {
    const list = llms(docs)
      .split('\n')
      .filter((line) => line.startsWith('- '));

    expect(list).to.have.length(listed.length);
    for (const line of list) expect(line).to.match(/^- \[.+\]\(\/[\w/-]+\.md\): [^#].{20,}$/);
    const full = llmsFull(docs).replaceAll('`', ''); // as titles are without
    for (const { title } of listed) expect(full).to.include(`# ${title}`);
  });
});
