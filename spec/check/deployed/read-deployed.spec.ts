import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { type EventSourceMappingConfiguration, Lambda } from '@aws-sdk/client-lambda';
import { SQS } from '@aws-sdk/client-sqs';
import { expect } from 'chai';
import { createSqsServer } from 'local-aws-sqs';

import { type Clients, permissions, readDeployed } from '../../../lib/check/deployed';
import { type Infrastructure, type Mapping, open } from '../../../lib/check/model';
import { NothingCheckedError } from '../../../lib/check/nothing-checked';
import { rules } from '../../../lib/check/rules';
import { functionArn, LambdaApi } from '../../support/lambda-api';
import { rejection } from '../../support/promises';
import { unsaid } from '../support/model';

const config = { region: 'us-east-1', credentials: { accessKeyId: 'key', secretAccessKey: 'secret' }, maxAttempts: 1 };

const queueArn = (name: string, account = '123456789012') => `arn:aws:sqs:us-east-1:${account}:${name}`;

describe('What is deployed', () => {
  let api: LambdaApi;
  let sqsServer: Server;
  let lambda: Lambda;
  let sqs: SQS;

  beforeEach(async () => {
    api = new LambdaApi();
    await api.listen();
    sqsServer = await createSqsServer({ port: 0, hostname: '127.0.0.1', region: 'us-east-1' });
    lambda = new Lambda({ ...config, endpoint: api.origin });
    sqs = new SQS({ ...config, endpoint: `http://127.0.0.1:${(sqsServer.address() as AddressInfo).port}` });
    api.functions.push({
      FunctionName: 'orders',
      FunctionArn: functionArn('orders'),
      Timeout: 10,
      Handler: 'index.handler',
      Runtime: 'nodejs22.x',
      PackageType: 'Zip',
      Environment: { Variables: { TABLE: 'orders' } },
      reservedConcurrency: 5,
    });
  });

  afterEach(async () => {
    lambda.destroy();
    sqs.destroy();
    await api.close();
    await new Promise((resolve) => sqsServer.close(resolve));
  });

  const queue = (name: string, Attributes: Record<string, string> = {}) =>
    sqs.createQueue({ QueueName: name, Attributes });

  const redrive = (name: string, maxReceiveCount: unknown = 5) =>
    JSON.stringify({ deadLetterTargetArn: queueArn(name), maxReceiveCount });

  const mapping = (overrides: EventSourceMappingConfiguration = {}) =>
    api.mappings.push({
      UUID: `uuid-${api.mappings.length}`,
      FunctionArn: functionArn('orders'),
      EventSourceArn: queueArn('orders'),
      State: 'Enabled',
      BatchSize: 10,
      MaximumBatchingWindowInSeconds: 0,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ...overrides,
    });

  const read = (name = 'orders') => readDeployed(name, { lambda, sqs });
  const only = async (name?: string): Promise<Mapping> => {
    const { mappings } = await read(name);
    expect(mappings).to.have.length(1);
    return mappings[0]!;
  };

  /** The ids of the rules that something of it breaks, hints included. */
  const broken = ({ mappings, others = [] }: Infrastructure): string[] =>
    mappings.flatMap((each) =>
      rules
        .filter((rule) => rule.check(each, { mappings: [...mappings, ...others], handler: { kind: 'unknown' } }))
        .map(({ id }) => id),
    );

  it('is the mapping of a queue, its function, and its dead-letter queue', async () => {
    await queue('orders-dead', { MessageRetentionPeriod: '1209600' });
    await queue('orders', {
      VisibilityTimeout: '60',
      MessageRetentionPeriod: '86400',
      RedrivePolicy: redrive('orders-dead'),
    });
    mapping({ MaximumBatchingWindowInSeconds: 2, ScalingConfig: { MaximumConcurrency: 3 } });
    const { mappings, others, notes } = await read();
    const deployed = { file: undefined, line: undefined, ignored: [] };
    expect(mappings).to.deep.equal([
      {
        ...deployed,
        id: 'uuid-0',
        kind: 'sqs',
        function: {
          ...deployed,
          id: 'orders',
          timeout: 10,
          reservedConcurrency: 5,
          hasDeadLetterQueue: false,
          grants: open,
          code: { handler: 'index.handler', runtime: 'nodejs22.x', place: undefined, environment: { TABLE: 'orders' } },
        },
        queue: {
          ...deployed,
          id: 'orders',
          isFifo: false,
          visibilityTimeout: 60,
          retention: 86_400,
          redrive: {
            maxReceiveCount: 5,
            deadLetterQueue: {
              ...deployed,
              id: 'orders-dead',
              isFifo: false,
              visibilityTimeout: 30,
              retention: 1_209_600,
              redrive: undefined,
              isDeadLetterQueue: true,
            },
          },
          isDeadLetterQueue: false,
        },
        stream: undefined,
        sourceKey: queueArn('orders'),
        responseTypes: ['ReportBatchItemFailures'],
        canReport: true,
        batchSize: 10,
        window: 2,
        ...unsaid,
        maximumConcurrency: 3,
      },
    ]);
    expect([others, notes]).to.deep.equal([[], []]);
  });

  it('breaks no rule where nothing is wrong, and those that it breaks else', async () => {
    await queue('orders-dead', { MessageRetentionPeriod: '1209600' });
    await queue('orders', { VisibilityTimeout: '60', RedrivePolicy: redrive('orders-dead') });
    mapping({ ScalingConfig: { MaximumConcurrency: 5 } });
    expect(broken(await read())).to.deep.equal([]);

    await sqs.setQueueAttributes({
      QueueUrl: (await sqs.getQueueUrl({ QueueName: 'orders' })).QueueUrl,
      Attributes: { VisibilityTimeout: '5', RedrivePolicy: redrive('orders-dead', 1) },
    });
    api.mappings[0]!.FunctionResponseTypes = [];
    api.mappings[0]!.ScalingConfig = { MaximumConcurrency: 50 };
    expect(broken(await read())).to.have.members([
      'partial-response-off',
      'visibility-below-timeout',
      'max-receive-count-1',
      'concurrency-above-reserved',
    ]);
  });

  it('takes five permissions, each of a call that it makes', async () => {
    await queue('orders');
    mapping();
    const called = new Set<string>();
    const noting = <T extends object>(service: string, client: T): T =>
      new Proxy(client, {
        get: (target, name) => {
          const method = Reflect.get(target, name) as (...args: unknown[]) => unknown;
          return (...args: unknown[]) => {
            called.add(`${service}:${(name as string)[0]!.toUpperCase()}${(name as string).slice(1)}`);
            return method.apply(target, args);
          };
        },
      });
    await readDeployed('orders', { lambda: noting('lambda', lambda), sqs: noting('sqs', sqs) });
    expect([...called]).to.have.members([...permissions]);
    expect(permissions).to.have.length(5);
  });

  describe('of a function', () => {
    beforeEach(async () => {
      await queue('orders');
    });

    for (const name of ['orders', '123456789012:function:orders', functionArn('orders'), 'orders:$LATEST']) {
      it(`is found by ${name}`, async () => {
        mapping();
        const found = await only(name);
        expect(found.function).to.include({ id: 'orders', timeout: 10, reservedConcurrency: 5 });
      });
    }

    it('is that of an alias where the name is', async () => {
      mapping({ UUID: 'latest' });
      mapping({ UUID: 'alias', FunctionArn: functionArn('orders:live') });
      expect((await only('orders')).id).to.equal('latest');
      expect((await only('orders:live')).id).to.equal('alias');
      expect((await only(functionArn('orders:live'))).function).to.include({ id: 'orders', reservedConcurrency: 5 });
    });

    it('is open where Lambda says nothing of it', async () => {
      mapping();
      api.functions.splice(0, 1, { FunctionName: 'orders' });
      const { timeout, hasDeadLetterQueue, code } = (await only()).function!;
      expect([timeout, hasDeadLetterQueue, code.handler, code.runtime]).to.deep.equal([open, false, open, open]);
    });

    it('says what is not set: no reserved concurrency; of an image no runtime, and no handler', async () => {
      mapping();
      api.functions.splice(0, 1, {
        FunctionName: 'orders',
        PackageType: 'Image',
        DeadLetterConfig: { TargetArn: queueArn('function-dead') },
      });
      const { function: fn } = await only();
      expect(fn).to.deep.include({ timeout: open, reservedConcurrency: undefined, hasDeadLetterQueue: true });
      expect(fn!.code).to.deep.equal({ handler: open, runtime: undefined, place: undefined, environment: {} });
    });

    it('is open, with a note, where it must not be looked at', async () => {
      mapping();
      api.refused.set('GetFunctionConfiguration', 'AccessDeniedException');
      api.refused.set('GetFunctionConcurrency', 'AccessDeniedException');
      const { mappings, notes } = await read();
      expect(mappings[0]!.function).to.deep.include({ id: 'orders', timeout: open, reservedConcurrency: open });
      expect(notes).to.deep.equal([
        'the settings of the function orders are not known: AccessDeniedException: GetFunctionConfiguration: AccessDeniedException',
        'the reserved concurrency of the function orders is not known: AccessDeniedException: GetFunctionConcurrency: AccessDeniedException',
      ]);
      expect(broken({ mappings })).to.deep.equal(['no-dead-letter-queue']);
    });
  });

  describe('of mappings', () => {
    it('has all pages of them', async () => {
      api.pageSize = 2;
      await queue('orders');
      for (let index = 0; index < 5; index++) mapping({ EventSourceArn: queueArn(`orders-${index}`) });
      expect((await read()).mappings.map(({ id }) => id)).to.deep.equal([
        'uuid-0',
        'uuid-1',
        'uuid-2',
        'uuid-3',
        'uuid-4',
      ]);
    });

    it('leaves out those that are being deleted, and, with a note, those of other sources', async () => {
      await queue('orders');
      mapping();
      mapping({ EventSourceArn: queueArn('old'), State: 'Deleting' });
      mapping({ EventSourceArn: 'arn:aws:mq:us-east-1:123456789012:broker:orders:b-1' });
      mapping({ EventSourceArn: undefined });
      const { mappings, notes } = await read();
      expect(mappings.map(({ id }) => id)).to.deep.equal(['uuid-0']);
      expect(notes).to.deep.equal([
        'the mapping uuid-2 of arn:aws:mq:us-east-1:123456789012:broker:orders:b-1 was not checked, since no rule is for its source',
        'the mapping uuid-3 of an unknown source was not checked, since no rule is for its source',
      ]);
    });

    it('has the settings of a Kinesis stream, or of its consumer', async () => {
      const stream = 'arn:aws:kinesis:us-east-1:123456789012:stream/orders';
      const settings = {
        MaximumRetryAttempts: 2,
        MaximumRecordAgeInSeconds: -1,
        BisectBatchOnFunctionError: true,
        ParallelizationFactor: 4,
        TumblingWindowInSeconds: 0,
        StartingPosition: 'LATEST',
        DestinationConfig: { OnFailure: { Destination: queueArn('failed.fifo') } },
      } as const;
      mapping({ EventSourceArn: stream, ...settings });
      mapping({ EventSourceArn: `${stream}/consumer/orders:1`, DestinationConfig: { OnFailure: {} } });
      const { mappings } = await read();
      expect(mappings[0]).to.deep.include({
        kind: 'kinesis',
        queue: undefined,
        sourceKey: stream,
        maximumRetryAttempts: 2,
        maximumRecordAge: -1,
        bisects: true,
        parallelizationFactor: 4,
        tumblingWindow: 0,
        startingPosition: 'LATEST',
        onFailure: { kind: 'sqs', queue: undefined, isFifo: true },
      });
      expect(mappings.map((each) => each.stream)).to.deep.equal(
        Array.from({ length: 2 }, () => ({
          id: 'orders',
          file: undefined,
          line: undefined,
          ignored: [],
          retention: open,
        })),
      );
      expect(mappings[1]!.onFailure).to.equal(undefined);
    });

    it('has that of a table, whose stream keeps records for a day', async () => {
      mapping({
        EventSourceArn: 'arn:aws:dynamodb:us-east-1:123456789012:table/Orders/stream/2026-01-01T00:00:00.000',
      });
      const found = await only();
      expect(found.kind).to.equal('dynamodb');
      expect(found.stream).to.include({ id: 'Orders', retention: 86_400 });
    });

    it('has those of Kafka, by cluster and topic, and whether they are provisioned', async () => {
      const cluster = 'arn:aws:kafka:us-east-1:123456789012:cluster/orders/abc-1';
      const Endpoints = { KAFKA_BOOTSTRAP_SERVERS: ['b:9092', 'a:9092'] };
      mapping({ EventSourceArn: cluster, Topics: ['orders'], ProvisionedPollerConfig: { MinimumPollers: 1 } });
      mapping({ EventSourceArn: undefined, SelfManagedEventSource: { Endpoints }, Topics: ['orders'] });
      mapping({ EventSourceArn: undefined, SelfManagedEventSource: {}, ProvisionedPollerConfig: {} });
      const { mappings } = await read();
      expect(mappings.map(({ kind, sourceKey, isProvisioned }) => [kind, sourceKey, isProvisioned])).to.deep.equal([
        ['kafka', `${cluster} orders`, true],
        ['kafka', 'a:9092,b:9092 orders', false],
        ['kafka', undefined, false],
      ]);
    });

    for (const [to, expected] of [
      [queueArn('failed'), { kind: 'sqs', isFifo: false }],
      ['arn:aws:sns:us-east-1:123456789012:failed', { kind: 'sns', isFifo: false }],
      ['arn:aws:sns:us-east-1:123456789012:failed.fifo', { kind: 'sns', isFifo: true }],
      ['arn:aws:s3:::failed', { kind: 's3', isFifo: false }],
      ['kafka://failed', { kind: 'kafka', isFifo: false }],
      ['arn:aws:events:us-east-1:123456789012:event-bus/x', { kind: open, isFifo: false }],
    ] as const) {
      it(`knows ${to} for a destination`, async () => {
        mapping({
          EventSourceArn: 'arn:aws:kinesis:us-east-1:123456789012:stream/orders',
          DestinationConfig: { OnFailure: { Destination: to } },
        });
        expect((await only()).onFailure).to.deep.equal({ ...expected, queue: undefined });
      });
    }

    it('counts filters, and does not know those of which Lambda says only that they cannot be shown', async () => {
      await queue('orders');
      const Filters = [{ Pattern: '{}' }, { Pattern: '{}' }];
      mapping({ FilterCriteria: { Filters } });
      mapping({ FilterCriteria: { Filters: [] } });
      mapping({ FilterCriteriaError: { ErrorCode: 'KMSAccessDeniedException' } });
      expect((await read()).mappings.map(({ filters }) => filters)).to.deep.equal([2, undefined, open]);
    });

    it('has defaults where Lambda says nothing, and is open where there is none', async () => {
      await queue('orders');
      mapping({
        BatchSize: undefined,
        MaximumBatchingWindowInSeconds: undefined,
        FunctionResponseTypes: undefined,
        UUID: undefined,
      });
      expect(await only()).to.deep.include({ id: '', batchSize: open, window: 0, responseTypes: [] });
    });

    it('knows of the mappings of other functions that read the same queue', async () => {
      await queue('orders');
      api.pageSize = 1;
      mapping();
      mapping({ FunctionArn: functionArn('billing'), FilterCriteria: { Filters: [{ Pattern: '{}' }] } });
      mapping({ FunctionArn: functionArn('old'), State: 'Disabled' });
      mapping({ FunctionArn: functionArn('older'), State: 'Deleting' });
      mapping({ FunctionArn: functionArn('other'), EventSourceArn: queueArn('other') });
      const found = await read();
      expect(found.mappings.map(({ id }) => id)).to.deep.equal(['uuid-0']);
      expect(found.others!.map((each) => [each.id, each.function!.id, each.filters])).to.deep.equal([
        ['uuid-1', 'billing', 1],
      ]);
      expect(broken(found)).to.include('competing-mappings');
      expect(broken({ mappings: found.others! })).to.deep.equal([]);
    });

    it('is not known to compete where that must not be looked at, with a note', async () => {
      await queue('orders');
      mapping();
      const listEventSourceMappings = (input: { readonly EventSourceArn?: string }) =>
        input.EventSourceArn === undefined
          ? lambda.listEventSourceMappings(input)
          : Promise.reject(Object.assign(new Error('not for you.\nmore'), { name: 'AccessDeniedException' }));
      const partly = {
        listEventSourceMappings,
        getFunctionConfiguration: lambda.getFunctionConfiguration.bind(lambda),
        getFunctionConcurrency: lambda.getFunctionConcurrency.bind(lambda),
      } as Clients['lambda'];
      const { others, notes } = await readDeployed('orders', { lambda: partly, sqs });
      expect(others).to.deep.equal([]);
      expect(notes).to.deep.equal([
        `which other functions read ${queueArn('orders')} is not known: AccessDeniedException: not for you`,
      ]);
    });

    it('takes a mapping that says nothing of its function for one of an unknown one', async () => {
      await queue('orders');
      mapping();
      const list = (await lambda.listEventSourceMappings({ FunctionName: 'orders' })).EventSourceMappings!;
      const strange = { ...list[0]!, UUID: 'strange', FunctionArn: undefined };
      const listEventSourceMappings = ({ FunctionName }: { readonly FunctionName?: string }) =>
        Promise.resolve(
          FunctionName === undefined ? { EventSourceMappings: [strange] } : { EventSourceMappings: list },
        );
      const { others } = await readDeployed('orders', {
        lambda: {
          listEventSourceMappings,
          getFunctionConfiguration: lambda.getFunctionConfiguration.bind(lambda),
          getFunctionConcurrency: lambda.getFunctionConcurrency.bind(lambda),
        } as Clients['lambda'],
        sqs,
      });
      expect(others!.map((each) => each.function!.id)).to.deep.equal(['']);
    });
  });

  describe('of a queue', () => {
    it('is open but for its kind, with a note, where it is not there or of another account', async () => {
      mapping({ EventSourceArn: queueArn('gone.fifo', '210987654321') });
      const { mappings, notes } = await read();
      expect(mappings[0]!.queue).to.deep.include({
        id: 'gone.fifo',
        isFifo: true,
        visibilityTimeout: open,
        retention: open,
        redrive: open,
        isDeadLetterQueue: false,
      });
      expect(notes).to.have.length(1);
      expect(notes![0]).to.match(
        /^the attributes of the queue gone\.fifo are not known: (AWS\.SimpleQueueService\.NonExistentQueue|QueueDoesNotExist): /,
      );
      expect(broken({ mappings })).to.deep.equal([]);
    });

    it('asks for the queue of the account that its ARN says', async () => {
      mapping({ EventSourceArn: queueArn('orders', '210987654321') });
      const asked: unknown[] = [];
      const getQueueUrl = (input: unknown) => {
        asked.push(input);
        return Promise.resolve({ QueueUrl: 'http://queue' });
      };
      const getQueueAttributes = (input: unknown) => {
        asked.push(input);
        return Promise.resolve({});
      };
      const { mappings } = await readDeployed('orders', {
        lambda,
        sqs: { getQueueUrl, getQueueAttributes } as Clients['sqs'],
      });
      expect(asked).to.deep.equal([
        { QueueName: 'orders', QueueOwnerAWSAccountId: '210987654321' },
        { QueueUrl: 'http://queue', AttributeNames: ['All'] },
      ]);
      expect(mappings[0]!.queue).to.deep.include({ visibilityTimeout: open, retention: open, redrive: undefined });
    });

    it('knows its dead-letter queue also where that must not be looked at', async () => {
      await queue('orders-dead');
      await queue('orders', { RedrivePolicy: redrive('orders-dead') });
      await sqs.deleteQueue(await queue('orders-dead').then(({ QueueUrl }) => ({ QueueUrl })));
      mapping();
      const { mappings, notes } = await read();
      expect(mappings[0]!.queue!.redrive).to.deep.include({ maxReceiveCount: 5 });
      expect((mappings[0]!.queue!.redrive as { deadLetterQueue: object }).deadLetterQueue).to.deep.include({
        id: 'orders-dead',
        retention: open,
        isDeadLetterQueue: true,
      });
      expect(notes).to.have.length(1);
    });

    it('is a dead-letter queue where another one that was read sends there, or its own policy allows it', async () => {
      await queue('orders-dead');
      await queue('orders', { RedrivePolicy: redrive('orders-dead', '3') });
      await queue('destination');
      mapping();
      mapping({ EventSourceArn: queueArn('orders-dead') });
      mapping({ EventSourceArn: queueArn('destination') });
      mapping({
        EventSourceArn: 'arn:aws:kinesis:us-east-1:123456789012:stream/orders',
        DestinationConfig: { OnFailure: { Destination: queueArn('destination') } },
      });
      const { mappings } = await read();
      expect(mappings.map((each) => each.queue?.isDeadLetterQueue)).to.deep.equal([false, true, true, undefined]);
      expect(mappings[3]!.onFailure)
        .to.deep.include({ kind: 'sqs' })
        .and.have.nested.property('queue.id', 'destination');
      expect(broken({ mappings })).not.to.include('no-dead-letter-queue');
      expect((mappings[0]!.queue!.redrive as { maxReceiveCount: unknown }).maxReceiveCount).to.equal(3);
    });

    for (const [RedriveAllowPolicy, expected] of [
      ['{"redrivePermission":"allowAll"}', true],
      [`{"redrivePermission":"byQueue","sourceQueueArns":["${queueArn('source')}"]}`, true],
      ['{"redrivePermission":"denyAll"}', false],
      ['no JSON', false],
      ['null', false],
    ] as const) {
      it(`is ${expected ? 'one' : 'none'} with the policy ${RedriveAllowPolicy}`, async () => {
        mapping();
        const getQueueUrl = () => Promise.resolve({ QueueUrl: 'http://queue' });
        const getQueueAttributes = () => Promise.resolve({ Attributes: { RedriveAllowPolicy, RedrivePolicy: '' } });
        const { mappings } = await readDeployed('orders', {
          lambda,
          sqs: { getQueueUrl, getQueueAttributes } as unknown as Clients['sqs'],
        });
        expect(mappings[0]!.queue).to.deep.include({ isDeadLetterQueue: expected, redrive: undefined });
      });
    }

    it('may be its own dead-letter queue, or have a policy that says nothing', async () => {
      for (const [policy, maxReceiveCount] of [
        [redrive('orders', 'many'), open],
        ['{"maxReceiveCount":4}', 4],
        ['no JSON', open],
      ] as const) {
        api.mappings.length = 0;
        mapping();
        const getQueueUrl = () => Promise.resolve({ QueueUrl: 'http://queue' });
        const getQueueAttributes = () => Promise.resolve({ Attributes: { RedrivePolicy: policy } });
        const { mappings } = await readDeployed('orders', {
          lambda,
          sqs: { getQueueUrl, getQueueAttributes } as unknown as Clients['sqs'],
        });
        expect(mappings[0]!.queue!.redrive).to.deep.equal({ maxReceiveCount, deadLetterQueue: undefined });
      }
    });
  });

  describe('that is nothing', () => {
    it('is said where the function has no mapping, or none that a rule is for', async () => {
      for (const more of [{}, { EventSourceArn: 'arn:aws:mq:us-east-1:123456789012:broker:orders:b-1' }]) {
        if ('EventSourceArn' in more) mapping(more);
        const error = await rejection(read());
        expect(error).to.be.instanceOf(NothingCheckedError);
        expect(error).to.have.property(
          'message',
          'Expected orders to have an event source mapping of SQS, Kinesis, DynamoDB Streams or Kafka, found none: nothing was' +
            ' checked. Those of an alias or a version are found by its own name, such as orders:live.',
        );
      }
    });

    it('is said where they cannot be listed', async () => {
      api.refused.set('ListEventSourceMappings', 'AccessDeniedException');
      const error = await rejection(read());
      expect(error).to.be.instanceOf(NothingCheckedError);
      expect(error).to.have.property(
        'message',
        'The event source mappings of orders cannot be listed, and nothing was checked: AccessDeniedException:' +
          ' ListEventSourceMappings: AccessDeniedException.',
      );
      expect((error as Error).cause).to.have.property('name', 'AccessDeniedException');
    });
  });
});
