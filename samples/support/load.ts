import type { Context } from 'aws-lambda';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { register } from 'ts-node';

import type { SampleAnswer, SampleEvent } from './sources';

/** A sample with the event it is run on, and the answer it has to give. */
export interface Sample {
  readonly name: string;
  /** What it shows: the comment in its first line. */
  readonly description: string;
  readonly handler: (event: SampleEvent, context: Context) => unknown;
  readonly event: SampleEvent;
  readonly expected: SampleAnswer;
  /** What it has to show beside its answer, once it has run. */
  readonly report?: (() => string[]) | undefined;
}

export const sampleNames = [
  'sqs',
  'fifo',
  'fifo-skip-group',
  'fifo-groups-side-by-side',
  'kinesis',
  'kinesis-by-key',
  'dynamodb',
  'kafka',
  'pipes',
  'create-batch-handler',
  'source-of-your-own',
  'error-handling',
  'sequential',
  'sync',
  'processed-messages',
  'lambda-context',
  'no-throw-on-full-failure',
  'extended-processor',
  'custom-processor',
  'testing',
  'redelivery',
  'stop-before-timeout',
  'payload-json',
  'payload-sns',
  'payload-gzip',
  'payload-images',
  'aggregated',
  'chunk-batch-write',
  'chunk-firehose',
  'chunk-insert',
  'non-retryable',
  'retry-delay',
  'idempotency',
  'tracer',
  'xray',
  'metrics',
  'logger',
  'opentelemetry',
  'class-api-sqs',
  'class-api-fifo',
  'class-api-kinesis',
  'class-api-dynamodb',
  'dialect-experimental',
  'dialect-standard',
] as const;

export type SampleName = (typeof sampleNames)[number];

/** The samples that are compiled in one dialect, whatever that of the others is. */
const inDialect: Partial<Record<SampleName, string>> = {
  tracer: 'dialects/experimental/tracer', // as all decorators of Powertools
  'dialect-experimental': 'dialects/experimental/order-handler',
  'dialect-standard': 'dialects/standard/order-handler',
};

const samples = join(__dirname, '..');
const requireSample = createRequire(__filename);

export function loadSample(name: SampleName): Sample {
  const file = fileOf(name);
  const { handler, report } = requireSample(file) as Pick<Sample, 'handler' | 'report'>;
  return {
    name,
    description: /^\/\*\* (.*) \*\/$/m.exec(readFileSync(`${file}.ts`, 'utf8'))?.[1] ?? '',
    handler,
    event: readJson(name, 'event') as Sample['event'],
    expected: readJson(name, 'response') as Sample['expected'],
    report,
  };
}

function fileOf(name: SampleName): string {
  const file = join(samples, inDialect[name] ?? name);
  if (name in inDialect) compileByItself(dirname(file));
  return file;
}

const compiled = new Set<string>();

/** Has a folder compiled with its own tsconfig, in its own decorator dialect; all other files stay as they are. */
function compileByItself(folder: string): void {
  if (compiled.has(folder)) return;
  compiled.add(folder);
  register({ project: join(folder, 'tsconfig.json'), scope: true, scopeDir: folder, transpileOnly: true });
}

function readJson(name: SampleName, kind: 'event' | 'response'): unknown {
  return JSON.parse(readFileSync(join(samples, 'events', `${name}.${kind}.json`), 'utf8'));
}
