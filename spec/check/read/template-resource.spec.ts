import { expect } from 'chai';

import { queueTemplate, templates } from './files';

describe('Resources', () => {
  const read = templates();

  it('have their id, file, line and path of constructs', () => {
    const more = {
      Orders: { Type: 'AWS::SQS::Queue', Metadata: { 'aws:cdk:path': 'Stack/Orders/Resource' } },
    };

    const { queue, mapping } = read(queueTemplate({ more }));

    expect(queue).to.include({ id: 'Orders', line: 9, path: 'Stack/Orders/Resource' });
    expect(queue.file).to.match(/template$/);
    expect(mapping).to.include({ id: 'Mapping', path: undefined });
  });

  it('have the rules that their metadata ignores', () => {
    const ignored = (ignore: unknown) =>
      read(
        queueTemplate({
          more: { Orders: { Type: 'AWS::SQS::Queue', Metadata: { 'lambda-batch-handler': { ignore } } } },
        }),
      ).queue.ignored;

    expect(ignored(['a', 'b', 1])).to.deep.equal(['a', 'b']);
    expect(ignored('a')).to.deep.equal(['a']);
    expect(ignored(undefined)).to.deep.equal([]);
  });

  it('can be without properties and types', () => {
    const { mappings } = read({
      Resources: {
        Nothing: {},
        Text: 'text',
        List: [],
        'Fn::ForEach::Each': ['A', ['B'], { 'Queue${A}': { Type: 'AWS::SQS::Queue' } }],
        Mapping: { Type: 'AWS::Lambda::EventSourceMapping', Properties: null },
        Handler: { Type: 'AWS::Serverless::Function' },
      },
    });

    expect(mappings).to.have.length(1);
    expect(mappings[0]).to.include({ function: undefined, queue: undefined, sourceKey: undefined });
  });
});
