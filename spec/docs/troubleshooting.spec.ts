import { expect } from 'chai';

import * as library from '../../lib';
import { pageOf } from './pages';
import { hits, type Text, textsOf, textsOfLibrary } from './texts';

const { text: page } = pageOf('docs/troubleshooting.md');

/** As a reader sees them: code without its marks. */
const linesOf = (text: string): string[] => text.replaceAll('`', '').split('\n');

/** The entries for lines and errors: a heading, the texts, and what to know of them. */
const entries = page
  .slice(page.indexOf('\n## By log line'), page.indexOf('\n## Errors of options'))
  .split(/^(?=### )/m)
  .slice(1);

const shown = ({ file, parts }: Text): string => `${file}: ${parts.join('…')}`;

describe('Troubleshooting', () => {
  const texts = textsOfLibrary();

  it('has a hit for every text that the library logs or throws', () => {
    expect(texts.length).to.be.above(250);
    const lines = linesOf(page);

    expect(texts.filter((text) => hits(text, lines).length === 0).map(shown)).to.deep.equal([]);
  });

  it('has an entry, not just a word, for every line of the log and every error at run time', () => {
    const ofRunTime = texts.filter(({ isOfRunTime }) => isOfRunTime);
    expect(ofRunTime.length).to.be.above(80);
    const lines = entries.flatMap(linesOf);

    expect(ofRunTime.filter((text) => hits(text, lines).length === 0).map(shown)).to.deep.equal([]);
  });

  it('names every class of errors', () => {
    const names = Object.keys(library).filter((name) => name.endsWith('Error'));

    expect([...names, 'ChunkError'].filter((name) => !page.includes(name))).to.deep.equal([]);
  });

  for (const entry of entries) {
    it(`says whether anything is lost, why, and what to do: ${/^### (.*)/.exec(entry)![1]!}`, () => {
      for (const label of ['- **Lost?**', '- **Why:**', '- **Now:**']) expect(entry).to.include(label);
    });
  }

  it('says in every section how to stop it, and how to come back', () => {
    const sections = page.split(/^(?=## )/m).filter((section) => /^## (By log|Errors)/.test(section));

    expect(sections).to.have.length(8);
    for (const section of sections) {
      expect(section).to.include('(#stop-the-mapping)').and.to.include('(#come-back)');
    }
  });

  it('would notice a text that it does not have', () => {
    const code =
      'logWarning(logger, `The moon ${phase} is in the way.`); throw new TypeError(`A ${thing} of cheese.`);';
    const [moon, cheese] = textsOf('moon.ts', code);

    expect(moon).to.deep.include({ parts: ['The moon ', ' is in the way.'], isOfRunTime: true });
    expect(cheese).to.deep.include({ parts: ['A ', ' of cheese.'], isOfRunTime: false });
    expect(hits(moon!, linesOf(page))).to.deep.equal([]);
    expect(hits(moon!, ['`The moon half is in the way`'])).to.have.length(1);
  });
});
