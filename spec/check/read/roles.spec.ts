import { expect } from 'chai';

import { open, type Open } from '../../../lib/check/model';
import { queueTemplate, templates } from './files';

describe('Roles', () => {
  const read = templates();
  const allow = (...Action: unknown[]) => ({ Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });

  /** The actions that a function is allowed. */
  const actionsOf = (template: string | object): Open<readonly string[]> => {
    const { grants } = read(template).fn;
    return grants === open ? open : grants.flatMap(({ actions }) => actions);
  };
  const withRole = (role: object, more: object = {}) =>
    actionsOf(
      queueTemplate({
        fn: { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } },
        more: { Role: { Type: 'AWS::IAM::Role', Properties: role }, ...more },
      }),
    );
  const policy = (Type: string, properties: object) => ({ Policy: { Type, Properties: properties } });

  it('allow what their policies do', () => {
    expect(
      withRole({ Policies: [{ PolicyDocument: allow('sqs:ReceiveMessage', 'sqs:DeleteMessage') }] }),
    ).to.deep.equal(['sqs:ReceiveMessage', 'sqs:DeleteMessage']);
    expect(withRole({})).to.deep.equal([]);
  });

  it('allow what statements do in all their forms, and not what they deny', () => {
    const Statement = [
      { Effect: 'Allow', Action: 'sqs:*' },
      { Effect: 'Deny', Action: 'sqs:SendMessage' },
      { Effect: 'Allow', NotAction: 'iam:*' },
    ];

    expect(withRole({ Policies: [{ PolicyDocument: { Statement } }] })).to.deep.equal(['sqs:*', '*']);
  });

  it('are open where a statement, a document or a list of policies is not known', () => {
    for (const Policies of [
      [{ PolicyDocument: allow({ Ref: 'Action' }) }],
      [{ PolicyDocument: { Statement: { Effect: 'Allow' } } }],
      [{ PolicyDocument: { Statement: { Ref: 'Statement' } } }],
      [{ PolicyDocument: { Ref: 'Document' } }],
      [{}],
      { Ref: 'Policies' },
    ]) {
      expect(withRole({ Policies })).to.equal(open);
    }
  });

  it('allow what policies do that AWS manages and that are known', () => {
    const service = 'iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole';

    for (const arn of [
      `arn:aws:${service}`,
      { 'Fn::Sub': `arn:\${AWS::Partition}:${service}` },
      { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:${service}`]] },
    ]) {
      const actions = withRole({ ManagedPolicyArns: [arn] });
      expect(actions).to.include.members(['sqs:ReceiveMessage', 'logs:PutLogEvents']);
      expect(actions).not.to.include('sqs:ChangeMessageVisibility');
    }
  });

  it('are open where a managed policy is not known', () => {
    for (const arn of ['arn:aws:iam::aws:policy/Other', 'arn:aws:iam::123456789012:policy/Own', { Ref: 'Arn' }, {}]) {
      expect(withRole({ ManagedPolicyArns: [arn] })).to.equal(open);
    }
  });

  it('allow what managed policies of the template do', () => {
    const PolicyDocument = allow('sqs:SendMessage');

    expect(
      withRole({ ManagedPolicyArns: [{ Ref: 'Policy' }] }, policy('AWS::IAM::ManagedPolicy', { PolicyDocument })),
    ).to.deep.equal(['sqs:SendMessage']);
  });

  for (const [type, properties] of [
    ['AWS::IAM::Policy', { Roles: [{ Ref: 'Role' }] }],
    ['AWS::IAM::Policy', { Roles: ['order-role'] }],
    ['AWS::IAM::ManagedPolicy', { Roles: [{ Ref: 'Other' }, { Ref: 'Role' }] }],
    ['AWS::IAM::RolePolicy', { RoleName: { Ref: 'Role' } }],
  ] as const) {
    it(`allow what is attached to them: ${type} with ${Object.keys(properties).join()}`, () => {
      const attached = policy(type, { ...properties, PolicyDocument: allow('sqs:SendMessage') });

      expect(withRole({ RoleName: 'order-role' }, attached)).to.deep.equal(['sqs:SendMessage']);
    });
  }

  it('do not allow what is attached to others', () => {
    const Roles = [{ Ref: 'Other' }, 'others', {}];

    expect(withRole({}, policy('AWS::IAM::Policy', { Roles, PolicyDocument: allow('sqs:SendMessage') }))).to.deep.equal(
      [],
    );
  });

  it('are those of the defaults where conditions are of nothing but policies', () => {
    const Policies = { 'Fn::If': ['Prod', [{ PolicyDocument: allow('sqs:SendMessage') }], []] };
    const more = { Role: { Type: 'AWS::IAM::Role', Properties: { Policies } } };
    const top = { Conditions: { Prod: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } }, Parameters: { Stage: {} } };
    const fn = { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } };
    const grantsOf = (timeout: unknown) =>
      read(queueTemplate({ fn: { ...fn, Timeout: timeout }, more }, top)).worlds.map(
        ({ mappings }) => mappings[0]!.function!.grants,
      );

    expect(grantsOf(3)).to.have.length(1);
    expect(grantsOf({ 'Fn::If': ['Prod', 3, 6] })).to.have.deep.members([[], [{ actions: ['sqs:SendMessage'] }]]);
  });

  it('are worked out once', () => {
    const { fn } = read(queueTemplate({ fn: { Role: { Ref: 'Role' } }, more: { Role: { Type: 'AWS::IAM::Role' } } }));

    expect(fn.grants).to.equal(fn.grants).and.to.deep.equal([]);
  });

  it('are open where they are elsewhere', () => {
    expect(actionsOf(queueTemplate({ fn: { Role: 'arn:aws:iam::123456789012:role/other' } }))).to.equal(open);
    expect(actionsOf(queueTemplate({}))).to.equal(open);
  });
});

describe('The role that SAM makes', () => {
  const read = templates();
  const actionsOf = (properties: string, more = ''): Open<readonly string[]> => {
    const { grants } = read(`
Resources:
  Handler:
    Type: AWS::Serverless::Function
    Properties:
      Events: { A: { Type: SQS, Properties: { Queue: 'arn:aws:sqs:a:1:b' } } }
${properties.replace(/^/gm, '      ')}
${more}`).fn;
    return grants === open ? open : grants.flatMap(({ actions }) => actions);
  };

  it('allows what its events need', () => {
    expect(actionsOf('')).to.include.members(['logs:PutLogEvents', 'sqs:ReceiveMessage']);
    expect(actionsOf('')).not.to.include.members(['sqs:ChangeMessageVisibility']);
  });

  for (const [type, action] of [
    ['SNS', 'sqs:ReceiveMessage'],
    ['Kinesis', 'kinesis:GetRecords'],
    ['DynamoDB', 'dynamodb:GetRecords'],
    ['MSK', 'kafka:GetBootstrapBrokers'],
    ['SelfManagedKafka', 'logs:PutLogEvents'],
  ] as const) {
    it(`allows what its event needs: ${type}`, () => {
      const events = { A: { Type: type, Properties: { SqsSubscription: true } }, B: { Type: 'SNS' }, C: {} };
      const Handler = { Type: 'AWS::Serverless::Function', Properties: { Events: events } };

      expect(JSON.stringify(read({ Resources: { Handler } }).fn.grants)).to.include(`"${action}"`);
    });
  }

  it('allows nothing for a queue that a subscription turns out not to have', () => {
    const subscription = (SqsSubscription: unknown) => {
      const Events = { A: { Type: 'SNS', Properties: { SqsSubscription } }, B: { Type: 'Kinesis' } };
      const Handler = { Type: 'AWS::Serverless::Function', Properties: { Events } };
      return JSON.stringify(read({ Resources: { Handler } }).fn.grants);
    };

    for (const none of [false, { Ref: 'AWS::NoValue' }, undefined]) expect(subscription(none)).not.to.include('sqs:');
    for (const some of [{ QueueArn: 'arn:aws:sqs:a:1:b' }, { Ref: 'Any' }])
      expect(subscription(some)).to.include('sqs:');
  });

  it('allows what a network and tracing need', () => {
    expect(actionsOf('VpcConfig: {}\nTracing: Active')).to.include.members([
      'ec2:CreateNetworkInterface',
      'xray:PutTraceSegments',
    ]);
  });

  it('allows what policies do in all their forms', () => {
    const actions = actionsOf(
      `
Policies:
  - AWSLambdaBasicExecutionRole
  - arn:aws:iam::aws:policy/AmazonSQSFullAccess
  - Statement: [{ Effect: Allow, Action: sqs:TagQueue, Resource: '*' }]
  - SQSPollerPolicy: { QueueName: a }
  - DynamoDBCrudPolicy: { TableName: a }
  - !Ref Policy`,
      `
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties: { PolicyDocument: { Statement: { Effect: Allow, Action: sqs:UntagQueue, Resource: '*' } } }`,
    );

    expect(actions).to.include.members([
      ...['logs:PutLogEvents', 'sqs:*', 'sqs:TagQueue', 'sqs:ChangeMessageVisibility', 'dynamodb:*', 'sqs:UntagQueue'],
    ]);
    expect(actionsOf('Policies: AmazonSQSFullAccess')).to.include('sqs:*');
  });

  it('is open where a policy is not known', () => {
    for (const policies of ['- Own', '- OwnPolicy: {}', '- {}', '- !Ref Policy', '- !If [A, B, !Ref Policy]']) {
      expect(actionsOf(`Policies:\n  ${policies}`)).to.equal(open);
    }
  });

  it('allows sending to a queue that is a dead-letter queue or a destination', () => {
    const queue = "{ Type: SQS, TargetArn: 'arn:aws:sqs:a:1:c' }";

    expect(actionsOf('')).not.to.include('sqs:SendMessage');
    expect(actionsOf(`DeadLetterQueue: ${queue}`)).to.include('sqs:SendMessage');
    for (const on of ['OnFailure', 'OnSuccess']) {
      expect(actionsOf(`EventInvokeConfig: { DestinationConfig: { ${on}: { Type: SQS } } }`)).to.include(
        'sqs:SendMessage',
      );
    }
  });

  it('allows what is attached to it', () => {
    const more = `
  Policy:
    Type: AWS::IAM::Policy
    Properties:
      Roles: [!Ref HandlerRole]
      PolicyDocument: { Statement: { Effect: Allow, Action: sqs:SendMessage, Resource: '*' } }`;

    expect(actionsOf('', more)).to.include('sqs:SendMessage');
  });

  it('is open where a connector adds to it', () => {
    const more = `
  Connector:
    Type: AWS::Serverless::Connector
    Properties: { Source: { Id: Handler }, Destination: { Id: Queue }, Permissions: [Write] }`;

    expect(actionsOf('', more)).to.equal(open);
    for (const other of ['Id: Other', '']) {
      expect(actionsOf('', more.replace('Id: Handler', other))).to.be.an('array');
    }
    const own = {
      Type: 'AWS::Serverless::Function',
      Properties: { Events: { A: { Type: 'SQS' } } },
      Connectors: { A: { Properties: {} } },
    };
    expect(read({ Resources: { Handler: own } }).fn.grants).to.equal(open);
  });
});
