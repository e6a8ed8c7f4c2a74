/** Where AWS says what the rules say. */
export const lambdaGuide = 'https://docs.aws.amazon.com/lambda/latest/dg';
export const lambdaApi = 'https://docs.aws.amazon.com/lambda/latest/api';
export const sqsGuide = 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide';
export const sqsApi = 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference';
export const templateReference = 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference';
