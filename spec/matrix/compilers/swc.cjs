// node compilers/swc.cjs 2022-03|2023-11|legacy commonjs|esm FOLDER
const { transformSync } = require('@swc/core');

const { eachFile } = require('./each-file.cjs');

const [version, format, out] = process.argv.slice(2);
const legacy = { legacyDecorator: true, decoratorMetadata: true };

eachFile(out, (code, filename) =>
  transformSync(code, {
    filename,
    module: { type: format === 'commonjs' ? 'commonjs' : 'es6' },
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true },
      transform: version === 'legacy' ? legacy : { decoratorVersion: version },
    },
  }),
);
