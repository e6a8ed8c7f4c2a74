// Run by spec/behaviour/managed-instances.spec.ts as a process of its own, because what Powertools keeps for an invocation
// is chosen once a process: the invocations of the batches in the first argument overlap, each in its InvokeStore, as
// Lambda's runtime has them. Writes the answers, and the lines of Powertools, of each way to standard output.
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { InvokeStore, InvokeStoreBase } from '@aws/lambda-invoke-store';

import { fifoEvent, lambdaContext } from './events';
import { fakeLogger } from './logger';
import { asyncWays, type Handle, type ModuleEntry } from './module-entries';
import { settled } from './promises';

const batches = JSON.parse(process.argv[2]!) as string[][];

let lines: unknown[] = [];
console.log = console.info = (line: string): void => void lines.push(JSON.parse(line));

async function main(): Promise<void> {
  const store = await InvokeStore.getInstanceAsync(); // as the runtime does, before it loads the function
  const logger = new Logger({ serviceName: 'orders' });
  const metrics = new Metrics({ namespace: 'shop', serviceName: 'orders' });

  const handle: Handle = async ({ body }) => {
    await settled();
    logger.info(body);
    metrics.addMetric('orders', MetricUnit.Count, 1);
    await settled();
    if (body.endsWith('bad')) throw new Error(`no ${body}`);
  };
  const withPowertools =
    (entry: ModuleEntry): ModuleEntry =>
    async (event, context) => {
      const batch = event.Records[0]!.body;
      logger.addContext(context);
      logger.appendKeys({ batch });
      metrics.addDimension('batch', batch);
      try {
        return await entry(event, context);
      } finally {
        metrics.publishStoredMetrics();
      }
    };

  const out: Record<string, object> = {};
  for (const [way, make] of Object.entries(asyncWays)) {
    const handler = withPowertools(make(handle, { logger: fakeLogger() }));
    lines = [];
    const answers = await Promise.all(
      batches.map((bodies, id) => {
        const awsRequestId = `request ${id}`;
        const invocation = { [InvokeStoreBase.PROTECTED_KEYS.REQUEST_ID]: awsRequestId };
        return store.run(invocation, () => handler(fifoEvent(...bodies), { ...lambdaContext(), awsRequestId }));
      }),
    );
    out[way] = { answers, lines };
  }
  process.stdout.write(JSON.stringify(out));
}

void main();
