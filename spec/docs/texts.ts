import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

import { root } from './pages';

/** A text of the library that somebody can come to see: what stands between its holes. */
export interface Text {
  readonly file: string;
  readonly parts: readonly string[];
  /** Whether it is logged, or is the message of an error at run time; else it is of the check of an option, or a part. */
  readonly isOfRunTime: boolean;
}

/**
 * The texts of `lib`, as the compiler reads them: every literal and template that has two words one after the other. The kit
 * for tests and the check have pages of their own.
 */
export function textsOfLibrary(): Text[] {
  const lib = join(root, 'lib');
  const files = readdirSync(lib, { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll('\\', '/'));
  return files
    .filter((file) => file.endsWith('.ts') && !elsewhere.some((each) => file.startsWith(each)))
    .sort()
    .flatMap((file) => textsOf(file, readFileSync(join(lib, file), 'utf8')));
}

const elsewhere = [
  'testing/',
  'check/',
  'opentelemetry/instruments.ts', // describes metrics, for those who look at them
];

export function textsOf(file: string, code: string): Text[] {
  const texts: Text[] = [];
  const visit = (node: ts.Node, isOfRunTime: boolean): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return;
    const parts = partsOf(node);
    if (parts !== undefined && saysSomething(parts)) texts.push({ file, parts, isOfRunTime });
    node.forEachChild((child) => visit(child, isOfRunTime || (isTold(node) && child !== node.expression)));
  };
  visit(ts.createSourceFile(file, code, ts.ScriptTarget.ESNext, true), false);
  return texts;
}

function partsOf(node: ts.Node): string[] | undefined {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (!ts.isTemplateExpression(node)) return undefined;
  return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)];
}

/** Two words, with nothing but spaces, marks or a hole between them. */
const saysSomething = (parts: readonly string[]): boolean =>
  /\p{L}{2,}[^\p{L}\p{N}]* [^\p{L}\p{N}]*\p{L}{2,}/u.test(parts.join(' … '));

/** What makes an error that is no TypeError, or writes to the log. */
function isTold(node: ts.Node): node is ts.NewExpression | ts.CallExpression {
  if (ts.isNewExpression(node))
    return /Error$/.test(node.expression.getText()) && !/^TypeError$/.test(node.expression.getText());
  return (
    ts.isCallExpression(node) &&
    /^(super|logWarning|unexpected|otherThan|.*\.(warn|error)|.*[lL]og\.add)$/.test(node.expression.getText())
  );
}

/** The lines of a page that have a text, whatever stands in its holes. */
export function hits({ parts }: Pick<Text, 'parts'>, lines: readonly string[]): string[] {
  const words = parts
    .map((part, index) => (index === parts.length - 1 ? part.replace(/[.:\s]+$/, '') : part).trim())
    .filter((part) => part !== '');
  const pattern = new RegExp(words.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*?'), 'u');
  return lines.filter((line) => pattern.test(line));
}
