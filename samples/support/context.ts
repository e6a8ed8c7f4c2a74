import type { Context } from 'aws-lambda';

/** A Lambda context. */
export function contextOf(functionName: string, getRemainingTimeInMillis: () => number): Context {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:eu-central-1:123456789012:function:${functionName}`,
    memoryLimitInMB: '256',
    awsRequestId: '5b0c1d52-7a3e-4f86-9b1d-0e6f3c2a9d74',
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: '2026/03/09/[$LATEST]9f3c0b7d52e84a16a1d0c4e7b8f25361',
    getRemainingTimeInMillis,
  } as Context; // but for its deprecated callbacks
}
