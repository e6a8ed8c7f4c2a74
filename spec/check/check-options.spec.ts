import { expect } from 'chai';

import { checkOptions, checkRules } from '../../lib/check/check-options';

describe('The options of check', () => {
  it('are fine as they are documented', () => {
    for (const options of [
      { templates: ['template.yaml'] },
      { deployed: 'order-handler' },
      { templates: [], deployed: 'order-handler', handlers: {}, code: {}, load: false, ignore: [], hints: true },
      { templates: ['a', 'b'], handlers: { Orders: 'dist/orders.js#handler' }, code: { Orders: 'src' } },
      { templates: ['a'], ignore: ['fifo-window'], deployed: undefined, load: undefined },
    ]) {
      expect(() => checkOptions(options)).not.to.throw();
    }
  });

  for (const [options, message] of [
    [undefined, "expected options such as { templates: ['template.yaml'] }, received undefined"],
    ['template.yaml', "received 'template.yaml' (string)"],
    [{}, 'expected templates, or the name of what is deployed, received neither'],
    [{ templates: [] }, 'received neither'],
    [{ template: 'a' }, 'unknown option template; there are templates, deployed, handlers, code, load, ignore, hints'],
    [{ templates: 'a' }, "expected templates to be paths, as [path, ...], received 'a' (string)"],
    [{ templates: [''] }, 'expected templates to be paths'],
    [{ deployed: 5 }, 'expected deployed to be the name or the ARN of a function, received 5 (number)'],
    [{ deployed: 'a', handlers: ['b'] }, "expected handlers to be { FunctionId: 'file#export' }"],
    [{ deployed: 'a', handlers: { Orders: 'b.js' } }, "expected handlers to be { FunctionId: 'file#export' }"],
    [{ deployed: 'a', handlers: { Orders: '#b' } }, "expected handlers to be { FunctionId: 'file#export' }"],
    [{ deployed: 'a', code: { Orders: 1 } }, "expected code to be { FunctionId: 'folder' }"],
    [{ deployed: 'a', code: null }, 'expected code to be'],
    [{ deployed: 'a', load: 'no' }, 'expected load to be true or false'],
    [{ deployed: 'a', hints: 1 }, 'expected hints to be true or false'],
    [{ deployed: 'a', ignore: 'fifo-window' }, 'expected ignore to be ids of rules, as [id, ...]'],
    [
      { deployed: 'a', ignore: ['fifo-windows'] },
      "expected the id of a rule to ignore, received 'fifo-windows' (string)",
    ],
  ] as const) {
    it(`are refused as ${JSON.stringify(options)}`, () => {
      expect(() => checkOptions(options))
        .to.throw(TypeError, `check: `)
        .with.property('message')
        .that.includes(message);
    });
  }

  it('name the rules that there are where one that is ignored is none of them', () => {
    expect(() => checkRules(['none'])).to.throw(
      TypeError,
      /there are partial-response-off, kafka-not-provisioned, .*\.$/,
    );
  });
});
