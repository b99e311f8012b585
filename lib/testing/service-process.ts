/** A service that runs as a process of its own, killed when it is disposed. */
export interface ServiceProcess extends AsyncDisposable {
  readonly child: Bun.Subprocess<"ignore", "pipe", "inherit">;
  /** All that it wrote to its standard output, once it has ended. */
  readonly output: Promise<string>;
}

/** Runs a service's `main.ts` with this environment and no other. */
export function serviceProcess(
  main: string,
  env: Readonly<Record<string, string>>,
): ServiceProcess {
  const child = Bun.spawn([process.execPath, main], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  return {
    child,
    output: new Response(child.stdout).text(),
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}
