// Compiles the specs with standard decorators; .mocharc.json alone compiles them with experimentalDecorators.
process.env.TS_NODE_PROJECT = 'tsconfig.standard.json';
require('ts-node/register');
