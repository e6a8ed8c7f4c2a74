import { expect } from 'chai';

import { isKnown, Tokens } from '../../../lib/check/read/tokens';

describe('Tokens', () => {
  const meaning = { stack: 'a.yaml', id: 'Orders', attribute: 'Arn' };

  it('are the same text for the same meaning', () => {
    const tokens = new Tokens();

    expect(tokens.of(meaning)).to.equal(tokens.of({ ...meaning }));
    expect(tokens.of(meaning)).not.to.equal(tokens.of({ ...meaning, attribute: 'QueueName' }));
  });

  it('are found in a text, through JSON as well', () => {
    const tokens = new Tokens();
    const text = `arn:${tokens.of({ key: 'partition' })}:${tokens.of(meaning)}`;

    expect(tokens.in(JSON.parse(JSON.stringify(text)) as string)).to.deep.equal([{ key: 'partition' }, meaning]);
    expect(tokens.shown(text)).to.equal('arn:${partition}:${a.yaml#Orders.Arn}');
  });

  it('are found where they are whole parts of an ARN, and not parts of a name', () => {
    const tokens = new Tokens();
    const token = tokens.of(meaning);

    for (const text of [token, `arn:${token}`, `${token}:live`, `https://a/${token}/b`]) {
      expect(tokens.in(text)).to.deep.equal([meaning]);
    }
    for (const text of [`a-${token}`, `${token}-b`, `arn:${token}.fifo:c`, `${token}${token}`]) {
      expect(tokens.in(text)).to.deep.equal([]);
    }
  });

  it('that were never made mean nothing', () => {
    const text = `a:${new Tokens().of(meaning)}`;

    expect(new Tokens().in(text)).to.deep.equal([]);
    expect(new Tokens().shown(text)).to.equal('a:${0}');
  });

  it('make a text one that is not known', () => {
    expect(isKnown(`a${new Tokens().of(meaning)}`)).to.equal(false);
    for (const known of ['a', 1, true, '']) expect(isKnown(known)).to.equal(true);
    for (const other of [undefined, {}, []]) expect(isKnown(other)).to.equal(false);
  });
});
