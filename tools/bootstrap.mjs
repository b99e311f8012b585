// node tools/bootstrap.mjs SCRIPT [ARGUMENT...]
// Runs SCRIPT with the Bun that package.json pins, after installing Bun and the packages where they
// are missing. Plain JavaScript without a dependency: it is what runs before anything is installed,
// under Node or under any Bun.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { constants, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");
const stampFile = join(modules, ".bootstrap");
const rootHash = createHash("sha256").update(root).digest("hex").slice(0, 16);
const lockFile = join(tmpdir(), `tweet-pipeline-install-${rootHash}`);
const lockTimeoutMs = 600_000;
const lockPollMs = 100;
const windows = process.platform === "win32";
const sameSignalMs = 1_000;
const runnerCheckMs = 250;
const outputCharsMax = 2_000;

function wantedStamp() {
  const hash = createHash("sha256");
  for (const file of ["bun.lock", "package.json"]) hash.update(readFileSync(join(root, file)));
  return hash.digest("hex");
}

function pinnedVersion() {
  return JSON.parse(readFileSync(join(root, "package.json"), "utf8")).devDependencies.bun;
}

/** Without its install script the package `bun` holds a small text in place of the program. */
function isProgram(file) {
  return existsSync(file) && statSync(file).size > 1_000_000;
}

/** The Bun among the packages: moved into `bun` by its install script, else where it was unpacked. */
function installedBun() {
  const builds = join(modules, "@oven");
  const unpacked = existsSync(builds) ? readdirSync(builds).sort() : [];
  return [
    join(modules, "bun", "bin", "bun.exe"),
    ...unpacked.map((build) => join(builds, build, "bin", windows ? "bun.exe" : "bun")),
  ].find(isProgram);
}

/** What can install: the Bun that runs this, one in PATH, or the package runner of Node. */
function installers() {
  const running = process.versions.bun && realpathSync(process.execPath);
  return [...(running ? [[running]] : []), ["bun"], ["npx", "--yes", `bun@${pinnedVersion()}`]];
}

function fail(message, code = 1) {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}

/** Runs a program to its end, ended with us; resolves with what went wrong, if anything. */
function attempt(program, args) {
  const child = spawn(program, args, {
    cwd: root,
    shell: windows,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stoppedBy;
  const pass = (signal) => {
    stoppedBy = signal;
    child.kill(signal);
  };
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, pass);
  let output = "";
  const collect = (text) => {
    output = (output + text).slice(-outputCharsMax);
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  return new Promise((resolve) => {
    child.on("error", (error) => resolve(error.code === "ENOENT" ? "not found" : error.message));
    child.on("close", (code, signal) => {
      for (const name of ["SIGINT", "SIGTERM"]) process.off(name, pass);
      const end = stoppedBy ?? signal;
      if (end) fail(`stopped by ${end}`, 128 + constants.signals[end]);
      resolve(code === 0 ? undefined : output.trim() || `code ${code}`);
    });
  });
}

async function install() {
  const startMs = performance.now();
  process.stderr.write(`Installing Bun ${pinnedVersion()} and the packages ... `);
  const seconds = () => `${((performance.now() - startMs) / 1_000).toFixed(1)} s\n`;
  const failures = [];
  for (const [program, ...args] of installers()) {
    const why = await attempt(program, [...args, "install", "--frozen-lockfile"]);
    if (why === undefined) return process.stderr.write(seconds());
    failures.push(`${program}: ${why}`);
  }
  process.stderr.write(seconds());
  return fail(`Cannot install the packages:\n${failures.join("\n")}`);
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code !== "ESRCH";
  }
}

const unlock = () => rmSync(lockFile, { force: true });

/** Takes the lock of this checkout's packages; two installations at once would spoil each other. */
function tryLock() {
  try {
    writeFileSync(lockFile, `${process.pid}`, { flag: "wx" });
    process.on("exit", unlock);
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
  try {
    const holder = Number(readFileSync(lockFile, "utf8"));
    if (holder > 0 && !isAlive(holder)) rmSync(lockFile, { force: true });
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
  return false;
}

async function lock() {
  const limitMs = performance.now() + lockTimeoutMs;
  while (!tryLock()) {
    if (performance.now() > limitMs) fail(`Cannot install: another run holds ${lockFile}`);
    await sleep(lockPollMs);
  }
}

function readyBun() {
  const bun = installedBun();
  const stamp = existsSync(stampFile) && readFileSync(stampFile, "utf8");
  return bun && stamp === wantedStamp() ? bun : undefined;
}

async function ensureBun() {
  const ready = readyBun();
  if (ready) return ready;
  await lock();
  if (!readyBun()) {
    await install();
    if (!installedBun()) fail(`Cannot find Bun after the installation: it is not in ${modules}`);
    writeFileSync(stampFile, wantedStamp());
  }
  unlock();
  process.off("exit", unlock);
  return installedBun();
}

/**
 * Passes SIGINT and SIGTERM on. A terminal sends SIGINT to every process in the foreground, and the
 * package runner repeats it, so the script would take one Ctrl-C for an impatient second one.
 */
function forwardSignals(child) {
  const lastMs = new Map();
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.on(signal, () => {
      const nowMs = performance.now();
      const again = nowMs - (lastMs.get(signal) ?? -sameSignalMs) < sameSignalMs;
      if (again || (signal === "SIGINT" && process.stdin.isTTY)) return;
      lastMs.set(signal, nowMs);
      child.kill(signal);
    });
  }
}

function parentOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1).split(" ")[1];
  } catch {
    return undefined;
  }
}

/**
 * A package runner that is ended tells at most the shell between it and us, which dies without
 * telling: another parent or grandparent is a signal as well.
 */
function endWithRunner(child) {
  if (!process.env.npm_lifecycle_event) return;
  const ancestors = () => `${process.ppid} ${parentOf(process.ppid)}`;
  const first = ancestors();
  const check = setInterval(() => {
    if (ancestors() === first) return;
    clearInterval(check);
    child.kill("SIGTERM");
  }, runnerCheckMs);
}

const [script, ...args] = process.argv.slice(2);
if (!script) fail("usage: node tools/bootstrap.mjs SCRIPT [ARGUMENT...]");
const child = spawn(await ensureBun(), [join(root, script), ...args], { stdio: "inherit" });
forwardSignals(child);
endWithRunner(child);
child.on("error", (error) => fail(`Cannot run Bun: ${error.message}`));
child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
