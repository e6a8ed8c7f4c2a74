// Mocha's dots and, where MOCHA_COUNTS names a file, a line in it with the counts of this run.
const { appendFileSync } = require('node:fs');
const Mocha = require('mocha');

module.exports = class CountingReporter extends Mocha.reporters.Dot {
  constructor(runner, options) {
    super(runner, options);
    runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = this.stats;
      if (process.env.MOCHA_COUNTS) appendFileSync(process.env.MOCHA_COUNTS, `${passes} ${failures} ${pending}\n`);
    });
  }
};
