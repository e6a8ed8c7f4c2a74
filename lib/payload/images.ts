import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { DynamoDBRecord } from 'aws-lambda';

import { ParsingError } from '../errors';
import { isThenable } from '../batch/thenable';
import type { Reader } from '../batch/reader';
import { marked } from './reader';
import { checkSchema, validated } from './schema';
import { type UnmarshallOptions, unmarshaller } from './unmarshaller';

/** An item in plain values: strings, numbers, booleans, null, Buffers, arrays, objects and Sets. */
export type Item = Record<string, unknown>;

/** A change of an item. Which images it has depends on the change, and on the view type of the stream. */
export interface ItemChange<New = Item, Old = New> {
  /** What was done to the item. */
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  /** The key attributes of the item. */
  readonly keys: Item;
  /** The item after the change; a REMOVE has none. */
  readonly newImage?: New;
  /** The item before the change; an INSERT has none. */
  readonly oldImage?: Old;
}

/** Schemas of its own for each image; one that has none is not checked. */
export interface ImageSchemas {
  /** For the item after the change. Default: it is not checked. */
  readonly newImage?: StandardSchemaV1;
  /** For the item before the change. Default: it is not checked. */
  readonly oldImage?: StandardSchemaV1;
}

type Output<S> = S extends StandardSchemaV1 ? StandardSchemaV1.InferOutput<S> : Item;

type ChangeOf<S> = S extends StandardSchemaV1
  ? ItemChange<Output<S>>
  : S extends ImageSchemas
    ? ItemChange<Output<S['newImage']>, Output<S['oldImage']>>
    : ItemChange;

/**
 * Reads the change of a DynamoDB record in plain values, and has its images checked and transformed by a schema, if there
 * is one. An image that the record does not have, which can be undefined, null or empty, is not checked.
 *
 * Needs `@aws-sdk/util-dynamodb`, which is loaded here.
 *
 * @param schema a Standard Schema for both images, or `{ newImage, oldImage }`
 * @throws TypeError where a schema is none
 * @throws BatchProcessingError where `@aws-sdk/util-dynamodb` is not installed
 *
 * @example
 * ```ts
 * createBatchHandler({ source: 'DynamoDBStreams', payload: images(z.object({ id: z.string() })) }, async (change) => {
 *   if (change.newImage !== undefined) await orders.place(change.newImage);
 * });
 * ```
 */
export function images<S extends StandardSchemaV1 | ImageSchemas | undefined = undefined>(
  schema?: S,
  options: UnmarshallOptions = {},
): Reader<DynamoDBRecord, ChangeOf<S>> {
  const schemas = schemasOf(schema);
  const unmarshall = unmarshaller(options);

  const image = (name: 'newImage' | 'oldImage', item: unknown): unknown => {
    if (isAbsent(item)) return undefined;
    const value = unmarshall(name, item);
    const imageSchema = schemas[name];
    return imageSchema === undefined ? value : validated(imageSchema, value, [name]);
  };
  const read = ({ eventName, dynamodb }: DynamoDBRecord): unknown => {
    const change = dynamodb ?? {};
    if (isAbsent(eventName)) throw new ParsingError('The record has no eventName, which says what has changed.');
    if (isAbsent(change.Keys)) throw new ParsingError('The record has no keys, which every change of an item has.');
    const keys = unmarshall('keys', change.Keys);
    // One after the other: where the first fails, no promise of the second is left alone.
    return chain(image('newImage', change.NewImage), (newImage) =>
      chain(image('oldImage', change.OldImage), (oldImage) => ({
        eventName,
        keys,
        ...(newImage !== undefined && { newImage }),
        ...(oldImage !== undefined && { oldImage }),
      })),
    );
  };
  return marked(['change'], read as Reader<DynamoDBRecord, ChangeOf<S>>);
}

/** Emulators and other tools write null, or nothing between braces: keys and images of a table have an attribute at least. */
function isAbsent(item: unknown): boolean {
  return item === undefined || item === null || (typeof item === 'object' && Object.keys(item).length === 0);
}

function schemasOf(schema: unknown): ImageSchemas {
  if (schema === undefined) return {};
  const isPair =
    typeof schema === 'object' && schema !== null && !('~standard' in schema) && Object.keys(schema).every(isImageName);
  const schemas = isPair ? schema : { newImage: schema, oldImage: schema };
  for (const each of Object.values(schemas)) if (each !== undefined) checkSchema('images()', each);
  return schemas;
}

const isImageName = (name: string): boolean => name === 'newImage' || name === 'oldImage';

function chain(value: unknown, next: (value: unknown) => unknown): unknown {
  return isThenable(value) ? Promise.resolve(value).then(next) : next(value);
}
