import { createRequire } from 'node:module';

import { bytesIn } from './bytes';

type Marshall = (item: object) => object;

let marshall: Marshall | undefined;

/**
 * An item as an event holds it: typed attribute values, bytes in base64.
 *
 * @throws TypeError where it holds what DynamoDB cannot
 */
export function marshalled(item: object): object {
  marshall ??= loadMarshall();
  let values: object;
  try {
    values = marshall(item);
  } catch (cause) {
    throw new TypeError(`Expected an item that DynamoDB can hold: ${(cause as Error).message}`, { cause });
  }
  return JSON.parse(JSON.stringify(values, bytesAsBase64)) as object;
}

/** @throws Error where the package is not installed */
function loadMarshall(): Marshall {
  try {
    return (createRequire(__filename)('@aws-sdk/util-dynamodb') as { marshall: Marshall }).marshall;
  } catch (cause) {
    throw new Error('dynamodbEvent needs @aws-sdk/util-dynamodb: npm install --save-dev @aws-sdk/util-dynamodb', {
      cause,
    });
  }
}

function bytesAsBase64(this: Record<string, unknown>, name: string, value: unknown): unknown {
  return bytesIn(this[name])?.toString('base64') ?? value; // `value` is what the toJSON of a Buffer has made of it
}
