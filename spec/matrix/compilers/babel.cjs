// node compilers/babel.cjs 2023-11|legacy commonjs|esm FOLDER
const { transformSync } = require('@babel/core');

const { eachFile } = require('./each-file.cjs');

const [version, format, out] = process.argv.slice(2);
const plugins = [['@babel/plugin-proposal-decorators', { version }]];
if (format === 'commonjs') plugins.push('@babel/plugin-transform-modules-commonjs');

eachFile(out, (code, filename) => transformSync(code, { filename, plugins, presets: ['@babel/preset-typescript'] }));
