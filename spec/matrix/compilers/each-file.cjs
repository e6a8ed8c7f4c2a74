const { mkdirSync, readdirSync, readFileSync, writeFileSync } = require('node:fs');

/** Writes what `transform` makes of each file of the program, as .js, to a folder. */
exports.eachFile = (out, transform) => {
  mkdirSync(out, { recursive: true });
  for (const filename of readdirSync('program')) {
    const { code } = transform(readFileSync(`program/${filename}`, 'utf8'), filename);
    writeFileSync(`${out}/${filename.replace(/\.ts$/, '.js')}`, code);
  }
};
