/** A synthesised template, as far as the specs look into it. */
export interface Template {
  readonly Resources: Record<string, Resource>;
}

export interface Resource<P = object> {
  readonly Type: string;
  readonly Properties: P;
  readonly Metadata?: { BuildMethod: string; BuildProperties: Record<string, unknown> };
}

/** `!GetAtt` and `!Ref`, of which CfnInclude keeps the short form and CDK writes the long one. */
export type Reference = { 'Fn::GetAtt': string | [string, string] } | { Ref: string };

/** Properties that AWS::Lambda::Function and AWS::Serverless::Function share, and those that only SAM knows. */
export interface FunctionProperties {
  Runtime?: string;
  Architectures?: string[];
  Timeout?: number;
  ReservedConcurrentExecutions?: number;
  DeadLetterConfig?: { TargetArn: unknown };
  DeadLetterQueue?: { Type: 'SQS'; TargetArn: unknown };
  Handler: string;
  CodeUri?: string;
  Code?: { S3Key: string };
  Role?: Reference;
  LoggingConfig?: { LogGroup?: Reference };
  Events?: Record<string, SamEvent>;
}

export interface SamEvent {
  Type: string;
  Properties: MappingProperties;
}

interface Batching {
  BatchSize?: number;
  MaximumBatchingWindowInSeconds?: number;
}

/** Properties of AWS::Lambda::EventSourceMapping, which those of a SAM event are but for the name of the source. */
export interface MappingProperties extends Batching {
  Queue?: Reference;
  Stream?: Reference;
  EventSourceArn?: Reference;
  SelfManagedEventSource?: { Endpoints?: { KafkaBootstrapServers?: unknown } };
  SourceAccessConfigurations?: { Type: string; URI: unknown }[];
  Topics?: string[];
  ConsumerGroupId?: string;
  AmazonManagedKafkaEventSourceConfig?: { ConsumerGroupId?: string };
  SelfManagedKafkaEventSourceConfig?: { ConsumerGroupId?: string };
  ProvisionedPollerConfig?: { MinimumPollers?: number; MaximumPollers?: number };
  FunctionResponseTypes?: string[];
  ScalingConfig?: { MaximumConcurrency?: number };
  ParallelizationFactor?: number;
  TumblingWindowInSeconds?: number;
  StartingPosition?: string;
  BisectBatchOnFunctionError?: boolean;
  MaximumRetryAttempts?: number;
  MaximumRecordAgeInSeconds?: number;
  DestinationConfig?: { OnFailure?: { Destination?: Reference } };
}

interface PipeProperties {
  Source: Reference;
  SourceParameters?: { SqsQueueParameters?: Batching };
  Target: Reference;
  TargetParameters?: { LambdaFunctionParameters?: { InvocationType?: string }; InputTemplate?: string };
  RoleArn: Reference;
}

/** Properties of the queue, the stream or the table that the records come from. */
export interface SourceProperties {
  FifoQueue?: boolean;
  VisibilityTimeout?: number;
  MessageRetentionPeriod?: number;
  SqsManagedSseEnabled?: boolean;
  RedrivePolicy?: { deadLetterTargetArn?: Reference; maxReceiveCount?: number };
  StreamSpecification?: { StreamViewType?: string };
}

export interface DeadLetterProperties {
  FifoQueue?: boolean;
  MessageRetentionPeriod?: number;
  SqsManagedSseEnabled?: boolean;
}

export interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: unknown;
}

interface AlarmProperties {
  MetricName: string;
  Dimensions: { Name: string; Value: Reference }[];
}

interface RoleProperties {
  AssumeRolePolicyDocument: { Statement: Trust[] };
  ManagedPolicyArns?: unknown[];
  Policies?: PolicyProperties[];
}

interface Trust {
  Principal?: { Service?: string };
  Condition?: { StringEquals?: Record<string, Reference> };
}

interface PolicyProperties {
  PolicyDocument: { Statement: Statement[] };
  Roles?: Reference[];
}

/** What a template deploys, the same for SAM and for CDK; changing it changes the template. */
export interface Deployment {
  readonly fn: FunctionProperties;
  /** Undefined behind a pipe. */
  readonly mapping: MappingProperties | undefined;
  /** Where SAM holds the mapping, if it is no resource of its own. */
  readonly event: SamEvent | undefined;
  readonly pipe: Pipe | undefined;
  /** What the mapping or the pipe says of batches. */
  readonly batching: Batching;
  /** Undefined for a Kafka cluster, which is no resource of the template. */
  readonly source: Named<SourceProperties> | undefined;
  readonly deadLetters: Named<DeadLetterProperties> | undefined;
  readonly logGroup: Named<{ RetentionInDays?: number }> | undefined;
  readonly role: RoleProperties | undefined;
  readonly statements: readonly Statement[];
  readonly alarms: readonly AlarmProperties[];
}

/** A deployment that has what others have not. */
export type With<K extends keyof Deployment> = Deployment & { readonly [P in K]: NonNullable<Deployment[P]> };

interface Pipe {
  readonly properties: PipeProperties;
  readonly target: Named<object> | undefined;
  readonly role: RoleProperties;
  readonly statements: readonly Statement[];
}

interface Named<P> {
  readonly name: string;
  readonly arn: string;
  readonly type: string;
  readonly properties: P;
}

export function functionOf(template: Template): Resource<FunctionProperties> {
  return only(template, /^AWS::(Serverless|Lambda)::Function$/);
}

export function deploymentOf(template: Template): Deployment {
  const fn = functionOf(template).Properties;
  const event = fn.Events && single(Object.values(fn.Events), 'event');
  const pipe = pipeOf(template);
  const mapping = pipe
    ? undefined
    : (event?.Properties ?? only<MappingProperties>(template, /^AWS::Lambda::EventSourceMapping$/).Properties);
  const source = referred<SourceProperties>(
    template,
    pipe?.properties.Source ?? mapping?.Queue ?? mapping?.Stream ?? mapping?.EventSourceArn,
  );
  return {
    fn,
    mapping,
    event,
    pipe,
    batching: mapping ?? pipe?.properties.SourceParameters?.SqsQueueParameters ?? {},
    source,
    deadLetters: referred(
      template,
      source?.properties.RedrivePolicy?.deadLetterTargetArn ?? mapping?.DestinationConfig?.OnFailure?.Destination,
    ),
    logGroup: referred(template, fn.LoggingConfig?.LogGroup),
    role: referred<RoleProperties>(template, fn.Role)?.properties,
    statements: statementsOf(template, fn.Role),
    alarms: all<AlarmProperties>(template, /^AWS::CloudWatch::Alarm$/).map(({ Properties }) => Properties),
  };
}

function pipeOf(template: Template): Pipe | undefined {
  const [pipe] = all<PipeProperties>(template, /^AWS::Pipes::Pipe$/);
  if (pipe === undefined) return undefined;
  const { Properties: properties } = pipe;
  return {
    properties,
    target: referred(template, properties.Target),
    role: referred<RoleProperties>(template, properties.RoleArn)!.properties,
    statements: statementsOf(template, properties.RoleArn),
  };
}

/** What a role may do: by policies of its own, as SAM templates have them, and by those that CDK attaches to it. */
function statementsOf(template: Template, reference: Reference | undefined): Statement[] {
  const role = referred<RoleProperties>(template, reference);
  const attached = all<PolicyProperties>(template, /^AWS::IAM::Policy$/)
    .map(({ Properties }) => Properties)
    .filter(({ Roles = [] }) => Roles.some((one) => textOf(one) === role?.name));
  return [...(role?.properties.Policies ?? []), ...attached].flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

function all<P>({ Resources }: Template, type: RegExp): Resource<P>[] {
  return (Object.values(Resources) as Resource<P>[]).filter(({ Type }) => type.test(Type));
}

function only<P>(template: Template, type: RegExp): Resource<P> {
  return single(all<P>(template, type), `resource of type ${String(type)}`);
}

function single<T>(found: readonly T[], what: string): T {
  if (found.length !== 1) throw new Error(`Expected one ${what}, found ${found.length}.`);
  return found[0]!;
}

function referred<P>({ Resources }: Template, reference: Reference | undefined): Named<P> | undefined {
  const [name = '', attribute = 'Arn'] = textOf(reference)?.split('.') ?? [];
  const resource = Resources[name];
  return resource && { name, arn: `${name}.${attribute}`, type: resource.Type, properties: resource.Properties as P };
}

/** What `!GetAtt` or `!Ref` points to, such as Orders.Arn or Orders; undefined for anything else. */
export function textOf(reference: unknown): string | undefined {
  const { 'Fn::GetAtt': attribute, Ref: name } = (reference ?? {}) as Partial<
    Record<'Fn::GetAtt' | 'Ref', string | [string, string]>
  >;
  const text = attribute ?? name;
  return Array.isArray(text) ? text.join('.') : text;
}
