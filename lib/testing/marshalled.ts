import { createRequire } from 'node:module';
import { types } from 'node:util';

type Marshall = (item: object) => object;

let marshall: Marshall | undefined;

/** An item as an event holds it: typed attribute values, bytes in base64. */
export function marshalled(item: object): object {
  marshall ??= loadMarshall();
  return JSON.parse(JSON.stringify(marshall(item), bytesAsBase64)) as object;
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
  const original = this[name]; // before the toJSON of a Buffer
  return types.isUint8Array(original) ? Buffer.from(original).toString('base64') : value;
}
