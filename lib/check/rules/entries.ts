import type { Entry, Handler, Mapping, MappingKind } from '../model';

/** What each kind of mapping sends, by the name of its source. */
const sourceOf: { readonly [K in MappingKind]: string } = {
  sqs: 'SQS',
  kinesis: 'KinesisDataStreams',
  dynamodb: 'DynamoDBStreams',
  kafka: 'Kafka',
};

/** What a mapping sends: one of two where nothing tells which stream it is. */
export function sourcesOf({ kind, isKindOpen = false }: Mapping): readonly string[] {
  return isKindOpen ? [sourceOf.kinesis, sourceOf.dynamodb] : [sourceOf[kind]];
}

/** Whether an entry is for another source than a mapping. A source of one's own may be for any. */
export function isForAnother({ source }: Entry, mapping: Mapping): boolean {
  const isKnown = Object.values(sourceOf).includes(source) || source.startsWith('pipe(');
  return isKnown && !sourcesOf(mapping).includes(source);
}

/** The entries of a handler of ours that the mapping may call: which of several it is, nobody knows. */
export function entriesFor(mapping: Mapping, handler: Handler): readonly Entry[] {
  return handler.kind === 'ours' ? handler.entries.filter((entry) => !isForAnother(entry, mapping)) : [];
}

/** The entries that the mapping may call, where something holds for all of them; undefined where there is none. */
export function entriesThatAll(
  mapping: Mapping,
  handler: Handler,
  holds: (entry: Entry) => boolean,
): readonly Entry[] | undefined {
  const entries = entriesFor(mapping, handler);
  return entries.length > 0 && entries.every(holds) ? entries : undefined;
}
