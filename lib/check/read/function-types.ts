export const functionTypes: readonly string[] = ['AWS::Lambda::Function', 'AWS::Serverless::Function'];
