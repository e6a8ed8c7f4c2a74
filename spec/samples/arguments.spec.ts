import { expect } from 'chai';

import { commandOf, UsageError } from '../../samples/support/arguments';
import { sampleNames } from '../../samples/support/load';

const command = (line: string) => commandOf(line.split(' ').filter((argument) => argument !== ''));

describe('The arguments of npm start', () => {
  it('ask for queues, where there are none', () => {
    const workload = { messages: 500, failing: 0.02, groups: 20, seed: 1 };

    expect(command('')).to.deep.equal({ kind: 'queues', workload, verbose: false });
  });

  it('say how many messages there are, and what they are like', () => {
    const workload = { messages: 10_000, failing: 1, groups: 50, seed: -7 };

    expect(command('--messages 10000 --failing 1 --groups 50 --seed=-7 --verbose')).to.deep.equal({
      kind: 'queues',
      workload,
      verbose: true,
    });
  });

  it('ask for a sample, for all of them, or for help', () => {
    expect(command('--sample fifo')).to.deep.equal({ kind: 'samples', names: ['fifo'], verbose: false });
    expect(command('--samples --verbose')).to.deep.equal({ kind: 'samples', names: sampleNames, verbose: true });
    expect(command('--help --messages 5')).to.deep.equal({ kind: 'help' });
  });

  it('ask for a container, with a thousand messages where nothing else is said', () => {
    const workload = { messages: 1_000, groups: 20, seed: 1 };

    expect(command('--container')).to.deep.equal({ kind: 'container', workload });
    expect(command('--container --messages 60 --groups 3 --seed 2')).to.deep.equal({
      kind: 'container',
      workload: { messages: 60, groups: 3, seed: 2 },
    });
  });

  it('take a negative number where one will do', () => {
    expect(command('--seed -7')).to.have.nested.property('workload.seed', -7);
  });

  for (const [args, env, meant] of [
    [['5'], { npm_config_messages: 'true' }, '--messages 5'],
    [[], { npm_config_messages: '5' }, '--messages 5'],
    [[], { npm_config_samples: 'true' }, '--samples'],
  ] as const) {
    it(`are answered with what was meant where -- was forgotten: npm start ${meant}`, () => {
      const name = meant.split(' ')[0]!;
      expect(() => commandOf([...args], env)).to.throw(
        UsageError,
        `npm took ${name} for an option of its own: write npm start -- ${meant}; try --help.`,
      );
    });
  }

  for (const [wrong, line] of [
    ['--smaple', "Unknown option '--smaple'; try --help."],
    ['--sample', "Option '--sample <value>' argument missing; try --help."],
    ['--sample fido', `There is no sample 'fido'; there are: ${sampleNames.join(', ')}.`],
    ['fifo', "Unexpected argument 'fifo'; try --help."],
    ['--messages 0', "Expected --messages to be an integer from 1 to 10000, received '0'; try --help."],
    ['--messages 10001', "Expected --messages to be an integer from 1 to 10000, received '10001'; try --help."],
    ['--messages -1', "Expected --messages to be an integer from 1 to 10000, received '-1'; try --help."],
    ['--groups -1', "Expected --groups to be an integer from 1 to 10000, received '-1'; try --help."],
    ['--failing -.5', "Expected --failing to be a number from 0 to 1, received '-.5'; try --help."],
    ['--messages --groups', "Option '--messages' argument is ambiguous; try --help."],
    ['--groups 1 --groups 2', 'The option --groups is given twice; try --help.'],
    ['--verbose --verbose', 'The option --verbose is given twice; try --help.'],
    ['-1', "Unknown option '-1'; try --help."],
    ['--failing 2%', "Expected --failing to be a number from 0 to 1, received '2%'; try --help."],
    ['--failing=-0.1', "Expected --failing to be a number from 0 to 1, received '-0.1'; try --help."],
    ['--groups=', "Expected --groups to be an integer from 1 to 10000, received ''; try --help."],
    [
      '--seed 1.5',
      "Expected --seed to be an integer from -9007199254740991 to 9007199254740991, received '1.5'; try --help.",
    ],
    ['--sample fifo --seed 1', 'Options that do not go together: --sample and --seed; try --help.'],
    ['--container --failing 0.1', 'Options that do not go together: --container and --failing; try --help.'],
    ['--samples --container', 'Options that do not go together: --container and --samples; try --help.'],
    ['--samples --sample fifo', 'Options that do not go together: --samples and --sample; try --help.'],
  ] as const) {
    it(`are answered with one line where they are wrong: ${wrong}`, () => {
      expect(() => command(wrong))
        .to.throw(UsageError)
        .with.property('message', line);
    });
  }
});
