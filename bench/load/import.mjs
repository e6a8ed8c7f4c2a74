const start = performance.now();
await import(process.argv[2]);
const took = performance.now() - start;
console.log(took);
