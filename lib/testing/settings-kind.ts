import type { MappingKind } from '../check/model';

/** Under which settings say of which mapping they are. A symbol, because it is no option, and copied by a spread. */
export const settingsFor = Symbol('settings for');

/** The mapping of settings. */
export interface SettingsFor {
  readonly mapping: string;
  /** Undefined for a stream that may be one of Kinesis or of DynamoDB. */
  readonly kind: MappingKind | undefined;
}

/** What sources are called, and who simulates them. */
const simulated: Readonly<Record<MappingKind, readonly [source: string, by: string]>> = {
  sqs: ['SQS', 'simulateQueue'],
  kinesis: ['KinesisDataStreams', 'simulateStream'],
  dynamodb: ['DynamoDBStreams', "simulateStream with source: 'DynamoDBStreams'"],
  kafka: ['Kafka', 'simulateKafka'],
};

/** What the source of a kind is called. */
export function sourceOfKind(kind: MappingKind | undefined): string {
  return kind === undefined ? 'Kinesis or DynamoDB Streams' : simulated[kind][0];
}

/** @throws TypeError where options have the settings of a mapping of another kind than that which is simulated */
export function checkSettings(who: string, options: object | undefined, expected: MappingKind): void {
  const { kind, mapping } = (Object(options) as { readonly [settingsFor]?: SettingsFor })[settingsFor] ?? {};
  const isStream = expected === 'kinesis' || expected === 'dynamodb';
  if (mapping === undefined || kind === expected || (kind === undefined && isStream)) return;
  const use = kind === undefined ? 'simulateStream' : simulated[kind][1];
  throw new TypeError(
    `${who}: expected the settings of a mapping of ${simulated[expected][0]}, received those of ${mapping}, which is one` +
      ` of ${sourceOfKind(kind)}: use ${use}.`,
  );
}
