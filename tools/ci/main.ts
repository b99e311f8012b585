// What bootstrap has installed is what CI needs; this says which Bun runs.
console.log(`Bun ${Bun.version}`);
