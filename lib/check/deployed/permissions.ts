/** What it takes to look at what is deployed. All of them only read; those of Lambda's that list need the resource `*`. */
export const permissions = [
  'lambda:GetFunctionConfiguration',
  'lambda:GetFunctionConcurrency',
  'lambda:ListEventSourceMappings',
  'sqs:GetQueueUrl',
  'sqs:GetQueueAttributes',
] as const;
