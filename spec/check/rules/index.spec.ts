import { expect } from 'chai';

import type { Mapping } from '../../../lib/check/model';
import { rules } from '../../../lib/check/rules';
import { dynamodb, kafka, kinesis, oursFor, sqs, unknown } from '../support/model';

describe('The rules', () => {
  it('have an id each, of words with hyphens', () => {
    const ids = rules.map(({ id }) => id);

    expect(ids).to.have.length(34);
    expect(new Set(ids).size).to.equal(ids.length);
    for (const id of ids) expect(id).to.match(/^[a-z]+(-[a-z0-9]+)+$/);
  });

  it('have a page of AWS each that says so', () => {
    for (const { source } of rules) {
      expect(source).to.match(/^https:\/\/docs\.aws\.amazon\.com\/[\w/]+\/[\w-]+\.html(#[\w-]+)?$/);
      expect(new URL(source).href).to.equal(source);
    }
  });

  const healthy: Readonly<Record<string, Mapping>> = {
    'a queue': sqs(),
    'a stream of Kinesis': kinesis(),
    'the stream of a table': dynamodb(),
    'a topic of Kafka': kafka(),
  };
  for (const [what, mapping] of Object.entries(healthy)) {
    it(`have nothing to say to ${what} as it should be, not even a hint`, () => {
      for (const handler of [oursFor(mapping), unknown]) {
        const around = { mappings: [mapping], handler };

        expect(rules.flatMap(({ check }) => check(mapping, around) ?? [])).to.deep.equal([]);
      }
    });
  }
});
