// node bundlers/rollup.cjs FROM NAME FOLDER [EXTERNAL...]: a bundle of each format; prints the warnings as JSON
const commonjs = require('@rollup/plugin-commonjs');
const { nodeResolve } = require('@rollup/plugin-node-resolve');
const { rollup } = require('rollup');

const [from, name, folder, ...external] = process.argv.slice(2);

async function main() {
  const warnings = [];
  const plugins = [nodeResolve(), commonjs()];
  const onwarn = ({ message }) => warnings.push(message);
  const bundle = await rollup({ input: from, external, plugins, onwarn });
  await bundle.write({ file: `${folder}/${name}.cjs`, format: 'cjs' });
  await bundle.write({ file: `${folder}/${name}.mjs`, format: 'es' });
  console.log(JSON.stringify(warnings));
}

void main();
