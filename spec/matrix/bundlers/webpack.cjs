// node bundlers/webpack.cjs FROM NAME FOLDER [EXTERNAL...]: a bundle of each format; prints the warnings as JSON
const path = require('node:path');

const webpack = require('webpack');

const [from, name, folder, ...externals] = process.argv.slice(2);
const common = {
  mode: 'production',
  target: 'node20',
  entry: path.resolve(from),
  externalsType: 'commonjs',
  externals,
};

const formats = [
  { output: { filename: `${name}.cjs`, library: { type: 'commonjs2' } } },
  {
    output: { filename: `${name}.mjs`, library: { type: 'module' }, module: true, chunkFormat: 'module' },
    experiments: { outputModule: true },
    externalsType: 'node-commonjs',
  },
];

webpack(
  formats.map((format) => ({ ...common, ...format, output: { ...format.output, path: path.resolve(folder) } })),
  (error, stats) => {
    if (error) throw error;
    const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
    if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
    console.log(JSON.stringify(warnings.map(({ message }) => message)));
  },
);
