import { fileURLToPath } from "node:url";
import { run } from "vue-tsc";

/*
 * Checks the types of the page, Vue's templates included. `vue-tsc` works inside a compiler written in JavaScript, which
 * TypeScript 7 no longer is; `@typescript/typescript6` is the last that was.
 */
process.argv.push("--project", import.meta.dirname);
run(fileURLToPath(import.meta.resolve("@typescript/typescript6/lib/tsc.js")));
