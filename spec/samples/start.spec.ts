import type { KinesisStreamRecord } from 'aws-lambda';
import { expect } from 'chai';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { loadSample, sampleNames } from '../../samples/support/load';
import { describeResult } from '../../samples/support/print';
import { difference, type SampleResult } from '../../samples/support/run-sample';
import { recordsOf } from '../../samples/support/sources';

describe('npm start', function () {
  this.timeout(60_000); // Each spec starts a process that compiles

  it('runs all samples, and succeeds', () => {
    const { status, stdout, stderr } = start('--samples');

    for (const name of sampleNames) expect(stdout).to.match(new RegExp(`^${name} \\(`, 'm'));
    expect(stdout).to.match(
      new RegExp(`^${sampleNames.length} of ${sampleNames.length} samples gave the expected answer\\.$`, 'm'),
    );
    expect(stderr).to.equal('');
    expect(status).to.equal(0);
  });

  it('runs the sample that is named, and no other', () => {
    const { status, stdout } = start('--sample', 'fifo');

    expect(stdout.match(/^\S+ \(/gm)).to.deep.equal(['fifo (']);
    expect(stdout).to.match(/succeeded +deleted/);
    expect(stdout).to.match(/failed +returns to the queue after the visibility timeout/);
    expect(stdout).to.match(/not run +returns to the queue after the visibility timeout/);
    expect(status).to.equal(0);
  });

  it('prints what the samples log only when it is asked to', () => {
    expect(start('--sample', 'fifo').stdout).not.to.include('cannot be shipped yet');
    expect(start('--sample', 'fifo', '--verbose').stdout).to.include('cannot be shipped yet');
  });

  it('prints the trace tree of the batch: opentelemetry', () => {
    expect(start('--sample', 'opentelemetry').stdout).to.include(`
  process parcels (3 messages, linked to 00f067aa0ba902b7, linked to 53995c3f42cd8ad8)
  ├─ process parcels (3f0a2f0e-2a55-4b43-9a3c-6f6d5f0b7c11, succeeded, linked to 00f067aa0ba902b7)
  │  └─ collect
  ├─ process parcels (b7d1c9a4-0c5e-4e0f-8f5b-2a9f4d1e6c22, failed, RangeError, linked to 53995c3f42cd8ad8)
  │  └─ collect
  └─ process parcels (5c8e7b13-9d24-4f7a-a1c6-7e3b0f5d8a33, succeeded)
     └─ collect
`);
  });

  describe('without options', () => {
    const workload = ['--messages', '20', '--failing', '0', '--groups', '3', '--seed', '2'];

    it('sends messages to queues, a stream and a topic, and shows that all are accounted for', function () {
      if (!hasKcat) {
        console.log('There is no kcat on PATH: the run with a Kafka topic is skipped.');
        this.skip();
      }
      const { status, stdout, stderr } = start(...workload);

      expect(stdout).to.match(queuesAndStream);
      expect(stdout).to.match(/^Kafka topic +20 +20 +0 +0 .* (\d)\/\1 /m);
      expect(stdout).to.match(/^All 80 messages are accounted for, each group, key and partition in order\.$/m);
      expect(stdout).not.to.include('skipped');
      expect(stderr).to.equal('');
      expect(status).to.equal(0);
    });

    it('says first what it is about to do and how many failures are injected, and last what to do next', () => {
      const { stdout } = start('--messages', '10', '--failing', '0.2', '--groups', '1');
      const lines = stdout.trimEnd().split('\n');

      expect(lines[0]).to.match(/^Samples handle batches of local queues, a stream and a topic/);
      const [introduction] = stdout.split(/^standard queue /m);
      expect(introduction).to.include('Each source gets 10 messages').and.to.include('\n1 group,');
      expect(introduction).to.include('2 of them are made to fail: 1 always, 1 once, 0 twice.');
      expect(introduction).to.include('--messages 10 --failing 0.2 --groups 1 --seed 1');
      expect(lines.slice(-5)[0]).to.equal('Next:');
      expect(lines.at(-1)).to.match(/^ {2}npm start -- --help /);
      expect(lines.filter(({ length }) => length > 80)).to.deep.equal([]);
    });

    it('does without a topic where there is no kcat on PATH, and says so', () => {
      const env = { ...process.env, PATH: join(cwd, 'no-such-folder') };

      const { status, stdout, stderr } = startWith({ env }, ...workload);

      expect(stdout).to.match(queuesAndStream);
      expect(stdout).not.to.match(/^Kafka topic +\d/m);
      expect(stdout).to.match(/^All 60 messages are accounted for, each group and key in order\.$/m);
      expect(stdout).to.include(
        '\nKafka topic: skipped, because there is no kcat on PATH\n  (in Debian and Ubuntu: apt-get install kcat).\n',
      );
      expect(stdout.split('\n').filter(({ length }) => length > 80)).to.deep.equal([]);
      expect(stderr).to.equal('');
      expect(status).to.equal(0);
    });
  });

  for (const [signal, exitCode] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    it(`stops at ${signal}, and tells what it had`, async () => {
      const child = spawn(process.execPath, [...command, '--messages', '5000'], { cwd, detached: true });
      let stdout = '';
      child.stdout.on('data', (chunk: Buffer) => {
        const wasRunning = stdout.includes('%');
        stdout += chunk.toString();
        // Messages are on their way now. A terminal signals to the whole process group.
        if (!wasRunning && stdout.includes('%')) process.kill(-child.pid!, signal);
      });

      const [code] = (await once(child, 'close')) as [number];

      expect(stdout)
        .to.match(/^FIFO queue +\d+ /m)
        .and.to.match(/^Interrupted: \d+ of \d+ messages were not finished\.$/m)
        .and.not.to.include('Next:');
      expect(code).to.equal(exitCode);
    });
  }

  it('explains itself', () => {
    const { status, stdout } = start('--help');

    expect(stdout).to.include('Usage:').and.to.include('--sample NAME').and.to.include('fifo-skip-group');
    expect(status).to.equal(0);
  });

  it('answers wrong arguments with one line', () => {
    const { status, stdout, stderr } = start('--smaple');

    expect(stderr).to.equal("Unknown option '--smaple'; try --help.\n");
    expect(stdout).to.equal('');
    expect(status).to.equal(1);
  });
});

describe('The table of a sample', () => {
  it('says for each record of a stream where it stands to the checkpoint', () => {
    const happened = ['succeeded', 'succeeded', 'failed', 'succeeded', 'not run', 'failed'] as const;

    const sample = loadSample('kinesis');
    const reported = recordsOf(sample.event).filter((_, index) => ['failed', 'not run'].includes(happened[index]!));
    const batchItemFailures = reported.map((record) => ({
      itemIdentifier: (record as KinesisStreamRecord).kinesis.sequenceNumber,
    }));

    const lines = linesOf({ sample, answer: { batchItemFailures }, happened, difference: undefined });

    expect(lines.map((line) => line.split(/ {2,}/).slice(2))).to.deep.equal([
      ['what happened', 'what Lambda does next'],
      ['succeeded', 'checkpointed'],
      ['succeeded', 'checkpointed'],
      ['failed', 'checkpoint is set here, delivered again from here on'],
      ['succeeded', 'delivered again, although it succeeded'],
      ['not run', 'delivered again'],
      ['failed', 'delivered again'],
    ]);
  });

  it('says that a whole stream batch is checkpointed where nothing was reported', () => {
    const happened = ['succeeded', 'succeeded', 'succeeded'] as const;

    const lines = linesOf({
      sample: loadSample('class-api-dynamodb'),
      answer: { batchItemFailures: [] },
      happened,
      difference: undefined,
    });

    expect(lines.slice(1).every((line) => line.endsWith('checkpointed'))).to.equal(true);
  });

  it('shows how a wrong answer differs from the expected one', () => {
    const sample = loadSample('fifo');
    const wrong = difference({ batchItemFailures: [] }, sample.expected);

    const text = describeResult({ sample, answer: undefined, happened: [], difference: wrong });

    expect(text)
      .to.include('NOT THE EXPECTED ANSWER')
      .and.to.include(sample.expected.batchItemFailures[0]!.itemIdentifier);
  });

  it('has no difference to show between equal answers', () => {
    expect(difference({ batchItemFailures: [] }, { batchItemFailures: [] })).to.equal(undefined);
  });
});

/** The lines of the table alone. */
function linesOf(result: SampleResult): string[] {
  return describeResult(result)
    .split('\n')
    .slice(2)
    .map((line) => line.trim());
}

/** The rows of the sources that need nothing but Node.js. */
const queuesAndStream = new RegExp(
  [
    /^standard queue +20 +20 +0 +0 .*$/,
    /^FIFO queue +20 +20 +0 +0 .* 3\/3 .*$/,
    /^Kinesis stream +20 +20 +0 +0 .* 3\/3 .*$/,
  ]
    .map(({ source }) => source)
    .join('\n'),
  'm',
);

const hasKcat = spawnSync('kcat', ['-V']).error === undefined;

const cwd = join(__dirname, '../..');
const command = ['--require', 'ts-node/register', 'samples/start.ts'];

interface Started {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const start = (...args: string[]): Started => startWith({}, ...args);

function startWith(options: { env?: NodeJS.ProcessEnv }, ...args: string[]): Started {
  return spawnSync(process.execPath, [...command, ...args], { cwd, encoding: 'utf8', ...options });
}
