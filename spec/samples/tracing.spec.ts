import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { join } from 'node:path';

import { loadSample, type SampleName } from '../../samples/support/load';
import { recordsOf } from '../../samples/support/sources';

/** What X-Ray is sent of a subsegment, as far as it is looked at here. */
interface Subsegment {
  readonly id: string;
  readonly name: string;
  readonly trace_id: string;
  readonly parent_id: string;
  readonly annotations?: { readonly messageId?: string };
  readonly fault?: boolean;
  readonly cause?: { readonly exceptions: readonly { readonly message: string }[] };
}

const trace = { root: '1-5759e988-bd862e3fe1be46a994272793', lambda: '53995c3f42cd8ad8' };

describe('The subsegments that X-Ray is sent in Lambda', function () {
  this.timeout(60_000); // Each spec starts a process that compiles

  let daemon: Socket;

  beforeEach(async () => {
    daemon = createSocket('udp4').bind(0, '127.0.0.1');
    await once(daemon, 'listening');
  });

  afterEach(() => {
    daemon.close();
  });

  it('are one for each record, below that of the batch: tracer', async () => {
    const subsegments = await sent('tracer');

    const batch = subsegments.find(({ parent_id }) => parent_id === trace.lambda);
    expect(batch).to.include({ name: '## index.handler' });
    expect(batch).not.to.have.property('fault');
    expectRecords('tracer', 'shipment', batch!.id, subsegments);
  });

  it('are one for each record: xray', async () => {
    expectRecords('xray', 'refund', trace.lambda, await sent('xray'));
  });

  /** Runs a sample as Lambda runs a function with active tracing; gives the subsegments that it sends. */
  async function sent(sample: SampleName): Promise<Subsegment[]> {
    const subsegments: Subsegment[] = [];
    const ended = new Promise<void>((resolve) => {
      daemon.on('message', (message) => {
        const [, subsegment] = message.toString().split('\n');
        if (subsegment === undefined) resolve();
        else subsegments.push(JSON.parse(subsegment) as Subsegment);
      });
    });
    const env = {
      ...process.env,
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs',
      AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${daemon.address().port}`,
      LAMBDA_TASK_ROOT: '/var/task',
      _HANDLER: 'index.handler',
      _X_AMZN_TRACE_ID: `Root=${trace.root};Parent=${trace.lambda};Sampled=1`,
    };
    const command = ['--require', 'ts-node/register', 'samples/start.ts', '--sample', sample];
    const running = spawn(process.execPath, command, { cwd: join(__dirname, '../..'), env, stdio: 'ignore' });
    const [exitCode] = (await once(running, 'exit')) as [number];
    expect(exitCode).to.equal(0);
    daemon.send('end', daemon.address().port, '127.0.0.1'); // arrives after what the process has sent
    await ended;
    return subsegments;
  }
});

/** Expects a subsegment for each record of a sample, which is a fault where the record is to be reported. */
function expectRecords(sample: SampleName, name: string, parent: string, subsegments: readonly Subsegment[]): void {
  const { event, expected } = loadSample(sample);
  const reported = expected.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  const records = subsegments.filter((subsegment) => subsegment.name === name);

  expect(records.map(({ annotations }) => annotations?.messageId)).to.have.members(
    recordsOf(event).map((record) => (record as { messageId: string }).messageId),
  );
  for (const { trace_id, parent_id, annotations, fault = false, cause } of records) {
    expect({ trace_id, parent_id }).to.deep.equal({ trace_id: trace.root, parent_id: parent });
    expect(fault).to.equal(reported.includes(annotations!.messageId!));
    expect(cause?.exceptions.length).to.equal(fault ? 1 : undefined);
  }
}
