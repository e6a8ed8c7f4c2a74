import { cpSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { withMermaid } from 'vitepress-plugin-mermaid';

import { llms, llmsFull } from './llms';
import { forSite } from './markdown';
import { navigation } from './pages';
import { slug } from './slug';

const docs = dirname(dirname(fileURLToPath(import.meta.url)));

const groups = navigation(docs);
const pages = groups.flatMap((group) => group.pages);
const sidebar = groups.map(({ text, pages }) => ({
  text,
  collapsed: text === 'Decisions',
  items: pages.map(({ file, title }) => ({ text: title, link: `/${file}` })),
}));

export default withMermaid({
  title: 'lambda-batch-handler',
  description: 'Lambda batches, one record at a time.',
  base: process.env.DOCS_BASE ?? '/',
  cleanUrls: false,
  markdown: { anchor: { slugify: slug }, config: forSite },
  mermaid: {},
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Start', link: '/start' },
      { text: 'Troubleshooting', link: '/troubleshooting' },
      { text: 'Samples', link: '/samples/' },
      { text: 'API', link: '/api/' },
    ],
    sidebar: [
      ...sidebar,
      {
        text: 'Reference',
        items: [
          { text: 'API', link: '/api/' },
          { text: 'Samples', link: '/samples/' },
        ],
      },
    ],
  },
  buildEnd: ({ outDir }) => {
    // The list names files of Markdown, which are easier to read for whoever it is for.
    for (const { file } of pages) cpSync(join(docs, `${file}.md`), join(outDir, `${file}.md`));
    writeFileSync(join(outDir, 'llms.txt'), llms(docs));
    writeFileSync(join(outDir, 'llms-full.txt'), llmsFull(docs));
  },
});
