import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

import { expect } from 'chai';
import ts from 'typescript';

import { Editor, publicFiles } from '../support/editor';

const requireHere = createRequire(__filename);
const lib = path.join(__dirname, '../../lib');

/** What the examples leave out: the user's own collaborators, and imports from elsewhere. */
const surroundings = `
type Order = { readonly id: string };
type SQSRecord = import('aws-lambda').SQSRecord;
type SQSEvent = import('aws-lambda').SQSEvent;
type Context = import('aws-lambda').Context;
declare const { z }: typeof import('zod');
declare const orders: {
  place(order: Order): Promise<void>;
  placeAll(orders: readonly Order[]): Promise<void>;
};
declare const order: Order;
declare const chunk: readonly Order[];
declare const queueUrl: string;
declare const queueArn: string;
declare const { Consumer }: typeof import('sqs-consumer');

type HandlerOf<S extends import('../lib/sources').AnySource> = import('lambda-batch-handler').LambdaHandler<S>;
declare const handler: HandlerOf<'SQS'>;
declare const streamHandler: HandlerOf<'KinesisDataStreams'>;
declare const kafkaHandler: HandlerOf<typeof import('lambda-batch-handler/kafka').kafka>;

declare const kinesis: import('@aws-sdk/client-kinesis').KinesisClient;
declare const { PutRecordsCommand }: typeof import('@aws-sdk/client-kinesis');
declare const sqs: import('@aws-sdk/client-sqs').SQSClient;
declare const { SendMessageBatchCommand }: typeof import('@aws-sdk/client-sqs');

// Of packages that are not installed here, with the answers as their documentation has them.
declare const documents: { send(command: BatchWriteCommand): Promise<{ UnprocessedItems?: Record<string, { PutRequest?: { Item: object } }[]> }> };
declare class BatchWriteCommand { constructor(input: { RequestItems: Record<string, { PutRequest: { Item: object } }[]> }); }
declare const bus: { send(command: PutEventsCommand): Promise<{ FailedEntryCount?: number; Entries?: { ErrorCode?: string }[] }> };
declare class PutEventsCommand { constructor(input: { Entries: { Source: string; DetailType: string; Detail: string }[] }); }
declare const firehose: { send(command: PutRecordBatchCommand): Promise<{ FailedPutCount: number | undefined; RequestResponses: { ErrorCode?: string }[] | undefined }> };
declare class PutRecordBatchCommand { constructor(input: { DeliveryStreamName: string; Records: { Data: Uint8Array }[] }); }
declare const openSearch: { bulk(request: { body: object[] }): Promise<{ body: { errors: boolean; items: { index?: { status: number } }[] } }> };
`;

/** The examples in the docstrings of lib, each with the name that it is for. */
function examples(): { readonly name: string; readonly code: string }[] {
  const files = readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return files.sort().flatMap((file) => {
    const source = ts.createSourceFile(file, readFileSync(path.join(lib, file), 'utf8'), ts.ScriptTarget.Latest, true);
    return source.statements.flatMap((statement) =>
      ts
        .getJSDocTags(statement)
        .filter(({ tagName }) => tagName.text === 'example')
        .map(({ comment }) => ({ name: nameOf(statement), code: codeIn(ts.getTextOfJSDocComment(comment) ?? '') })),
    );
  });
}

function nameOf(statement: ts.Statement): string {
  const [declared] = ts.isVariableStatement(statement) ? statement.declarationList.declarations : [];
  return (declared?.name ?? (statement as ts.DeclarationStatement).name)!.getText();
}

/** Cut short where white space stands before an `@`, which TypeScript then takes for the next tag, also in a block of code. */
const codeIn = (comment: string): string => /^```ts\n(.*)\n```$/s.exec(comment)?.[1] ?? '';

/** Imports of all that is public, as an editor would add them: what an example declares itself is its own. */
function importsFor(code: string): string {
  return [...publicFiles()]
    .map(([specifier, file]) => {
      const names = Object.keys(requireHere(path.join(lib, '..', file)) as object);
      const used = names.filter((name) => new RegExp(`\\b${name}\\b`).test(code));
      return `import { ${used.join(', ')} } from '${specifier}';`;
    })
    .join('\n');
}

describe('The examples of docstrings', function () {
  this.timeout(60_000); // They compile the library, once a dialect
  const all = examples();

  it('are there, in ts, and whole', () => {
    expect(all.length).to.be.above(50);
    expect(all.filter(({ code }) => code === '').map(({ name }) => name)).to.deep.equal([]);
  });

  for (const config of ['tsconfig.json', 'tsconfig.standard.json'] as const) {
    describe(`under ${config}`, () => {
      const editor = new Editor(config);
      editor.open('surroundings.d.ts', surroundings);

      for (const [at, { name, code }] of all.entries()) {
        // A module: examples await at their top.
        const file = editor.open(`example-${at}.mts`, `${importsFor(code)}\n${code}\n`);
        it(`compile: ${name}`, () => {
          expect(editor.errorsIn(file)).to.deep.equal([]);
        });
      }

      it('would not compile with a fault', () => {
        const code = "createBatchHandler({ source: 'SQS', fifo: 'yes' }, () => undefined);";
        expect(editor.errorsIn(editor.open('faulty.ts', `${importsFor(code)}\n${code}`))).not.to.be.empty;
      });
    });
  }
});
