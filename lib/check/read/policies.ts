const logs = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];
const network = ['ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaces'];
const tracing = [
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
  'xray:GetSamplingStatisticSummaries',
];

/**
 * What policies that AWS manages allow.
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
export const managedPolicies: Readonly<Record<string, readonly string[]>> = {
  AdministratorAccess: ['*'],
  AmazonSQSFullAccess: ['sqs:*'],
  AmazonSQSReadOnlyAccess: [
    'sqs:GetQueueAttributes',
    'sqs:GetQueueUrl',
    'sqs:ListDeadLetterSourceQueues',
    'sqs:ListQueues',
    'sqs:ListMessageMoveTasks',
    'sqs:ListQueueTags',
  ],
  AWSLambdaBasicExecutionRole: logs,
  AWSLambdaSQSQueueExecutionRole: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', ...logs],
  AWSLambdaKinesisExecutionRole: [
    'kinesis:DescribeStream',
    'kinesis:DescribeStreamSummary',
    'kinesis:GetRecords',
    'kinesis:GetShardIterator',
    'kinesis:ListShards',
    'kinesis:ListStreams',
    'kinesis:SubscribeToShard',
    ...logs,
  ],
  AWSLambdaDynamoDBExecutionRole: [
    'dynamodb:DescribeStream',
    'dynamodb:GetRecords',
    'dynamodb:GetShardIterator',
    'dynamodb:ListStreams',
    ...logs,
  ],
  AWSLambdaMSKExecutionRole: [
    'kafka:DescribeCluster',
    'kafka:DescribeClusterV2',
    'kafka:GetBootstrapBrokers',
    'ec2:DescribeVpcs',
    'ec2:DescribeSubnets',
    'ec2:DescribeSecurityGroups',
    ...network,
    ...logs,
  ],
  AWSLambdaVPCAccessExecutionRole: [
    'ec2:DescribeSubnets',
    'ec2:AssignPrivateIpAddresses',
    'ec2:UnassignPrivateIpAddresses',
    ...network,
    ...logs,
  ],
  AWSXRayDaemonWriteAccess: tracing,
  AWSXrayWriteOnlyAccess: tracing,
};

/**
 * What templates of policies of AWS SAM allow: those of SQS to the letter, of the others no more than the service that they are
 * of, which is enough for those who ask for an action of SQS.
 * https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-template-list.html
 */
export const policyTemplates: Readonly<Record<string, readonly string[]>> = {
  SQSPollerPolicy: [
    'sqs:ChangeMessageVisibility',
    'sqs:ChangeMessageVisibilityBatch',
    'sqs:DeleteMessage',
    'sqs:DeleteMessageBatch',
    'sqs:GetQueueAttributes',
    'sqs:ReceiveMessage',
  ],
  SQSSendMessagePolicy: ['sqs:SendMessage*'],
  AWSSecretsManagerGetSecretValuePolicy: ['secretsmanager:*'],
  CloudFormationDescribeStacksPolicy: ['cloudformation:*'],
  CloudWatchPutMetricPolicy: ['cloudwatch:*'],
  DynamoDBCrudPolicy: ['dynamodb:*'],
  DynamoDBReadPolicy: ['dynamodb:*'],
  DynamoDBStreamReadPolicy: ['dynamodb:*'],
  DynamoDBWritePolicy: ['dynamodb:*'],
  EventBridgePutEventsPolicy: ['events:*'],
  FirehoseCrudPolicy: ['firehose:*'],
  FirehoseWritePolicy: ['firehose:*'],
  KMSDecryptPolicy: ['kms:*'],
  KMSEncryptPolicy: ['kms:*'],
  KinesisCrudPolicy: ['kinesis:*'],
  KinesisStreamReadPolicy: ['kinesis:*'],
  LambdaInvokePolicy: ['lambda:*'],
  S3CrudPolicy: ['s3:*'],
  S3FullAccessPolicy: ['s3:*'],
  S3ReadPolicy: ['s3:*'],
  S3WritePolicy: ['s3:*'],
  SESCrudPolicy: ['ses:*'],
  SNSCrudPolicy: ['sns:*'],
  SNSPublishMessagePolicy: ['sns:*'],
  SSMParameterReadPolicy: ['ssm:*'],
  SSMParameterWithSlashPrefixReadPolicy: ['ssm:*'],
  StepFunctionsExecutionPolicy: ['states:*'],
  VPCAccessPolicy: ['ec2:*'],
};
