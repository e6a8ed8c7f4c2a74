import { expect } from 'chai';

import { sharingOf } from '../../../lib/check/findings';
import { type Breach, type Handler, type Mapping, open, type Severity } from '../../../lib/check/model';
import { rules } from '../../../lib/check/rules';
import { oursFor } from './model';

/** A mapping, and what is around it: by default itself, and a handler of this library that fits. */
export interface Case {
  readonly mapping: Mapping;
  readonly handler?: Handler;
  readonly others?: readonly Mapping[];
}

/** A case that a rule finds. */
export interface Found extends Case {
  readonly is: Severity;
  readonly says: string;
  readonly fix: string;
  /** What is to be mended. Default: the mapping. */
  readonly at?: 'queue' | 'function' | 'deadLetters';
  /** The values without which nobody can tell: where one of them is open, or was not read, nothing is found. */
  readonly needs?: readonly string[];
}

/** Whatever a template can leave open. */
const openable = [
  ...['responseTypes', 'batchSize', 'window', 'filters', 'maximumConcurrency'],
  ...['maximumRetryAttempts', 'maximumRecordAge', 'onFailure', 'onFailure.kind', 'onFailure.isFifo'],
  ...['bisects', 'parallelizationFactor', 'tumblingWindow', 'startingPosition', 'isProvisioned'],
  ...['queue.isFifo', 'queue.visibilityTimeout', 'queue.retention', 'queue.redrive', 'queue.redrive.maxReceiveCount'],
  ...['queue.redrive.deadLetterQueue.isFifo', 'queue.redrive.deadLetterQueue.retention'],
  ...['function.timeout', 'function.reservedConcurrency', 'function.hasDeadLetterQueue', 'function.grants'],
  'stream.retention',
];

/** Whatever can be elsewhere. */
const unreadable = ['queue', 'function', 'stream', 'queue.redrive.deadLetterQueue', 'sourceKey'];

const rank: Readonly<Record<Severity, number>> = { hint: 1, warning: 2, error: 3 };

/** What a rule says of a case. */
export function breachOf(id: string, { mapping, handler = oursFor(mapping), others = [] }: Case): Breach | undefined {
  const mappings = sharingOf([mapping, ...others])(mapping);
  return rules.find((rule) => rule.id === id)!.check(mapping, { mappings, handler });
}

/** The specs of a rule: what it finds, what is all right, and that nothing is found that nobody can know. */
export function describeRule(
  id: string,
  cases: { readonly finds: Readonly<Record<string, Found>>; readonly passes: Readonly<Record<string, Case>> },
): void {
  describe(`The rule ${id}`, () => {
    for (const [where, found] of Object.entries(cases.finds)) {
      const { is: severity, says: message, fix, at, needs = [] } = found;

      it(`finds ${where}`, () => {
        expect(breachOf(id, found)).to.deep.equal({ severity, message, fix, at: resourceOf(found.mapping, at) });
      });

      it(`needs to know ${needs.length === 0 ? 'nothing else' : needs.join(', ')} for that`, () => {
        const less = [
          ...openable.map((path) => [path, without(found.mapping, path, open)] as const),
          ...unreadable.map((path) => [path, without(found.mapping, path, undefined)] as const),
        ].filter(([, mapping]) => mapping !== undefined);

        const silenced = less.filter(([, mapping]) => {
          const handler = found.handler ?? oursFor(found.mapping);
          const breach = breachOf(id, { ...found, handler, mapping: mapping! });
          if (breach === undefined) return true;
          expect(rank[breach.severity]).to.be.at.most(rank[severity]);
          expect(`${breach.message} ${breach.fix}`).not.to.match(/Symbol|undefined|NaN|Infinity/);
          return false;
        });

        expect([...new Set(silenced.map(([path]) => path))]).to.have.members(needs);
      });
    }

    for (const [where, passed] of Object.entries(cases.passes)) {
      it(`leaves ${where}`, () => {
        expect(breachOf(id, passed)).to.equal(undefined);
      });
    }
  });
}

function resourceOf(mapping: Mapping, at: Found['at']): Breach['at'] {
  if (at !== 'deadLetters') return at && mapping[at];
  const redrive = mapping.queue?.redrive;
  return redrive === open ? undefined : redrive?.deadLetterQueue;
}

/** A copy with another value at a path; undefined where the path leads nowhere. */
function without<T extends object>(value: T, path: string, instead: unknown): T | undefined {
  const [name = '', ...rest] = path.split('.');
  if (!(name in value)) return undefined;
  if (rest.length === 0) return { ...value, [name]: instead };
  const inner = value[name as keyof T];
  const copy = typeof inner === 'object' && inner !== null ? without(inner, rest.join('.'), instead) : undefined;
  return copy && { ...value, [name]: copy };
}
