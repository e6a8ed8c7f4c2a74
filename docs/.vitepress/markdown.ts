import { slug } from './slug';

/** What of markdown-it is used; VitePress brings it. */
interface Token {
  type: string;
  content: string;
  children: Token[] | null;
  attrGet(name: string): string | null;
  attrSet(name: string, value: string): void;
}
interface MarkdownIt {
  readonly core: {
    readonly ruler: { push(name: string, rule: (state: { readonly tokens: Token[] }) => void): unknown };
  };
}

/** How the site differs from the files: samples are pages of it, and a cell of a table says under which heading it is. */
export function forSite(markdown: MarkdownIt): void {
  markdown.core.ruler.push('links-to-samples', ({ tokens }) => {
    for (const token of tokens) token.children?.forEach(linkToSample);
  });
  markdown.core.ruler.push('labelled-cells', ({ tokens }) => {
    labelCells(tokens);
  });
}

/** A file of samples is a page of the site, a folder of them the page that lists all. */
function linkToSample(token: Token): void {
  const href = token.type === 'link_open' ? token.attrGet('href') : null;
  if (href === null || !/^(\.\.\/)+samples(\/|$)/.test(href)) return;
  const [, path] = /samples\/?(.*)$/.exec(href)!;
  token.attrSet('href', /\.\w+$/.test(path!) ? `/samples/${pageOfSample(path!)}` : '/samples/');
}

/** The page of a file of samples, such as `templates-sqs-yaml` of `templates/sqs.yaml`. */
export const pageOfSample = (file: string): string => slug(file.replace(/\.ts$/, '').replace(/[/.]/g, '-'));

/** On a narrow screen a row is a list of its cells, each below the name of its column: see the style sheet. */
function labelCells(tokens: Token[]): void {
  let labels: string[] = [];
  let column = 0;
  tokens.forEach(({ type }, index) => {
    if (type === 'thead_open') labels = [];
    else if (type === 'th_open') labels.push(tokens[index + 1]!.content.replace(/[`*]|\]\([^)]*\)|\[/g, ''));
    else if (type === 'tr_open') column = 0;
    else if (type === 'td_open') tokens[index]!.attrSet('data-label', labels[column++] ?? '');
  });
}
