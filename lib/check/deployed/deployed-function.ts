import type { FunctionConfiguration } from '@aws-sdk/client-lambda';

import { type LambdaFunction, open, type Open } from '../model';
import { resource } from './resource';

/** A function of which nothing is known but its name. */
export function unknownFunction(name: string): LambdaFunction {
  return {
    ...resource(name),
    timeout: open,
    reservedConcurrency: open,
    hasDeadLetterQueue: open,
    grants: open,
    code: { handler: open, runtime: open, place: undefined, environment: {} },
  };
}

/** A function as Lambda describes it. Its code is on no disk of this machine, and its role is not looked at. */
export function functionOf(
  name: string,
  { Timeout, DeadLetterConfig, Handler, Runtime, PackageType, Environment }: FunctionConfiguration,
  reservedConcurrency: Open<number | undefined>,
): LambdaFunction {
  return {
    ...unknownFunction(name),
    timeout: Timeout ?? open,
    reservedConcurrency,
    hasDeadLetterQueue: Boolean(DeadLetterConfig?.TargetArn),
    code: {
      handler: Handler ?? open,
      runtime: PackageType === 'Image' ? undefined : (Runtime ?? open),
      place: undefined,
      environment: Environment?.Variables ?? {},
    },
  };
}
