import { Duration } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { join } from 'node:path';

export const functionTimeout = Duration.seconds(30);

/** The function of a sample, which may write its own logs and do what its event source grants it. */
export function batchFunction(scope: Construct, id: string, sample: string): NodejsFunction {
  const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  const logGroup = new LogGroup(scope, `${id}Logs`, { retention: RetentionDays.ONE_MONTH });
  logGroup.grantWrite(role);
  return new NodejsFunction(scope, id, {
    entry: join(__dirname, '../..', sample),
    runtime: Runtime.NODEJS_22_X,
    architecture: Architecture.ARM_64,
    memorySize: 256,
    timeout: functionTimeout,
    role,
    logGroup,
    environment: { NODE_OPTIONS: '--enable-source-maps' },
    bundling: { target: 'node22', minify: true, sourceMap: true },
  });
}
