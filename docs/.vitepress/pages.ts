import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A page, by its file in docs, without `.md`. */
export interface Page {
  readonly file: string;
  readonly title: string;
}

/** The pages as the site's navigation has them, in the order in which they are read; only those whose files exist. */
export function navigation(docs: string): { readonly text: string; readonly pages: readonly Page[] }[] {
  const decisions = filesIn(join(docs, 'decisions')).map((name) => `decisions/${name}`);
  return [...groups, { text: 'Decisions', files: decisions }]
    .map(({ text, files }) => ({
      text,
      pages: files.filter((file) => isThere(docs, file)).map((file) => page(docs, file)),
    }))
    .filter(({ pages }) => pages.length > 0);
}

const groups: readonly { readonly text: string; readonly files: readonly string[] }[] = [
  { text: 'Begin', files: ['start', 'handler', 'recipes', 'troubleshooting'] },
  { text: 'Records', files: ['order', 'payloads', 'failures', 'chunks'] },
  { text: 'More sources', files: ['kafka', 'pipes', 'own-source'] },
  { text: 'See and prove', files: ['observability', 'testing'] },
  { text: 'Build and deploy', files: ['toolchains', 'deploy', 'check'] },
  { text: 'Elsewhere', files: ['containers', 'durable-functions', 'managed-instances'] },
  { text: 'Other APIs', files: ['class-api'] },
  { text: 'Judge', files: ['performance', 'comparison', 'versioning'] },
];

const isThere = (docs: string, file: string): boolean => existsSync(join(docs, `${file}.md`));

/** Its title is its first heading, so that nobody has to keep two. */
function page(docs: string, file: string): Page {
  const [, title = file] = /^# (.*)$/m.exec(readFileSync(join(docs, `${file}.md`), 'utf8')) ?? [];
  return { file, title: title.replaceAll('`', '') };
}

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => file.endsWith('.md'));
  return files.map((file) => file.replace(/\.md$/, '')).sort();
}
