import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

import { slug } from '../../docs/.vitepress/slug';

export const root = join(__dirname, '..', '..');
export const docs = join(root, 'docs');

/** A file of Markdown, by its path from the root. */
export interface Page {
  readonly file: string;
  readonly text: string;
}

/** README, and every page of the site that is kept in git. */
export function allPages(): Page[] {
  const made = ['docs/api', 'docs/samples', 'docs/node_modules', 'docs/.vitepress'];
  const files = filesIn(docs)
    .map((file) => relative(root, file).replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.md'));
  return ['README.md', ...files.sort()].map(pageOf).filter(({ file }) => !made.some((each) => file.startsWith(each)));
}

export function pageOf(file: string): Page {
  return { file, text: readFileSync(join(root, file), 'utf8') };
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules' && name !== 'api')
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesIn(path) : [path];
    });
}

/** A fenced block of a page. */
export interface Block {
  readonly language: string;
  readonly code: string;
}

export function blocksOf(text: string): Block[] {
  return [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language, code]) => ({
    language: language!,
    code: code!,
  }));
}

/** A page without its fenced blocks. */
export const proseOf = (text: string): string => text.replace(/^```\w*\n.*?^```$/gms, '');

/** The anchors of a page, as code hosts make them: the second of a name ends with -1. */
export function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading] of proseOf(text).matchAll(/^#{1,6} (.*)$/gm)) {
    const base = slug(heading!.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1'));
    let anchor = base;
    for (let count = 1; anchors.has(anchor); count++) anchor = `${base}-${count}`;
    anchors.add(anchor);
  }
  return anchors;
}

export const isThere = (file: string): boolean => existsSync(join(root, file));
