import { existsSync, readFileSync } from "node:fs";
import { ConfigError } from "./config.ts";

/**
 * The text of a file that a variable names, without white space around it.
 *
 * @throws ConfigError where there is no such file.
 */
export function configFile(variable: string, file: string): string {
  if (!existsSync(file)) {
    throw new ConfigError([`${variable} must be a file that exists: current value is "${file}"`]);
  }
  return readFileSync(file, "utf8").trim();
}
