import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { navigation } from './pages';

/** What the library is, as the first page says. */
const summary =
  'A method that handles one record becomes a Lambda function that handles the whole batch, and reports exactly what failed.';

/** The list of pages that language models are given: https://llmstxt.org */
export function llms(docs: string): string {
  const parts = navigation(docs).map(({ text, pages }) => {
    const lines = pages.map(({ file, title }) => `- [${title}](/${file}.md): ${opening(docs, file)}`);
    return `## ${text}\n\n${lines.join('\n')}\n`;
  });
  return [`# lambda-batch-handler\n\n> ${summary}\n`, ...parts].join('\n');
}

/** All pages in one file. */
export function llmsFull(docs: string): string {
  const pages = navigation(docs).flatMap((group) => group.pages);
  return pages.map(({ file }) => readFileSync(join(docs, `${file}.md`), 'utf8').trim()).join('\n\n');
}

/** The first sentence of a page, below whatever headings it begins with, without its links. */
function opening(docs: string, file: string): string {
  const [, paragraph = ''] = /^(?:#+ .*\n+)+([^#\n].*)/m.exec(readFileSync(join(docs, `${file}.md`), 'utf8')) ?? [];
  const text = paragraph.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
  return /^.*?\.(?= |$)/.exec(text)?.[0] ?? text;
}
