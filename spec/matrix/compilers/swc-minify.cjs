// node compilers/swc-minify.cjs commonjs|esm FROM TO
const { readFileSync, writeFileSync } = require('node:fs');

const { minifySync } = require('@swc/core');

const [format, from, to] = process.argv.slice(2);
const options = { compress: true, mangle: { toplevel: true }, module: format === 'esm' };

writeFileSync(to, minifySync(readFileSync(from, 'utf8'), options).code);
