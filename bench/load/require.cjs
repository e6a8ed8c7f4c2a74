const start = performance.now();
require(process.argv[2]);
const took = performance.now() - start;
console.log(took);
