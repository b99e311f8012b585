/** Runs a program to its end and returns what it wrote; its environment is this process's and `env`. */
export async function runProgram(
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
) {
  const child = Bun.spawn([...command], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [output, errors, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { output, errors, code };
}
