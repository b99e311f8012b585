import { expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tempDir } from "../../lib/store/testing/temp-dir.ts";
import { climaApp } from "../../pipelines/clima-app.ts";
import { loadPage } from "./page/load-page.ts";
import { smallBoard } from "./testing/small-board.ts";

const html = '<!doctype html><script type="module" src="./assets/index-1a2b.js"></script>';
const script = `console.log("${"á".repeat(500)}")`;
const files = {
  "index.html": html,
  "assets/index-1a2b.js": script,
  "assets/index-3c4d.css": "body{margin:0}",
  "assets/icon-5e6f.svg": "<svg/>",
};
const browser = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

/** A page as `bun run web` leaves one. */
function built(into: string) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(into, path, ".."), { recursive: true });
    writeFileSync(join(into, path), text);
  }
  return into;
}

async function boardWithPage(basePath = "") {
  using dir = tempDir();
  const page = await loadPage(built(join(dir.path, "dist")));
  return smallBoard(climaApp, { page, basePath, bare: "hola" });
}

test("GET / is the page for whoever asks for HTML, and the bare text for all others", async () => {
  await using board = await boardWithPage();
  const page = await board.ask("/", { headers: browser });
  expect([page.status, await page.text()]).toEqual([200, html]);
  expect(page.headers.get("content-type")).toBe("text/html;charset=utf-8");
  expect(page.headers.get("cache-control")).toBe("no-cache");
  for (const accept of ["*/*", "application/json", ""]) {
    const bare = await board.ask("/", { headers: { accept } });
    expect([accept, bare.status, await bare.text()]).toEqual([accept, 200, "hola"]);
    expect(bare.headers.get("vary")).toBe("accept");
  }
  const head = await board.ask("/", { method: "HEAD" });
  expect([head.status, await head.text()]).toEqual([200, ""]);
});

test("GET / forbids scripts, styles and frames that are not this server's", async () => {
  await using board = await boardWithPage();
  for (const path of ["/", "/assets/index-1a2b.js"]) {
    const { headers } = await board.ask(path, { headers: browser });
    expect(headers.get("content-security-policy")).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
  }
});

test("GET /assets answers the page's files, to be kept for ever, compressed where that is understood", async () => {
  await using board = await boardWithPage();
  for (const [path, type] of [
    ["index-1a2b.js", "text/javascript;charset=utf-8"],
    ["index-3c4d.css", "text/css;charset=utf-8"],
    ["icon-5e6f.svg", "image/svg+xml"],
  ] as const) {
    const { status, headers } = await board.ask(`/assets/${path}`);
    expect([path, status, headers.get("content-type")]).toEqual([path, 200, type]);
    expect(headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  }
  for (const [encoding, given] of [
    ["gzip, br", "gzip"],
    ["identity", null],
  ] as const) {
    const reply = await board.ask("/assets/index-1a2b.js", {
      headers: { "accept-encoding": encoding },
    });
    expect([encoding, reply.headers.get("content-encoding")]).toEqual([encoding, given]);
    expect(await reply.text()).toBe(script);
  }
});

test("GET /assets has nothing but the page's files", async () => {
  await using board = await boardWithPage();
  for (const path of ["nothing.js", "", "../index.html", "..%2f..%2fapp.ts", "%2e%2e/index.html"]) {
    const { status } = await board.ask(`/assets/${path}`);
    expect([path, status]).toEqual([path, 404]);
  }
});

test("everything is served below BASE_PATH as well, the page with a slash at its end", async () => {
  await using board = await boardWithPage("/web/board");
  const bare = await board.ask("/web/board", { headers: browser });
  expect([bare.status, bare.headers.get("location")]).toEqual([308, "board/"]);
  const page = await board.ask("/web/board/", { headers: browser });
  expect([page.status, await page.text()]).toEqual([200, html]);
  for (const path of ["assets/index-1a2b.js", "api", "api/clima-app/state", "api/pipelines"]) {
    expect([path, (await board.ask(`/web/board/${path}`)).status]).toEqual([path, 200]);
    expect([path, (await board.ask(`/${path}`)).status]).toEqual([path, 200]);
  }
  expect((await board.ask("/web/board/api/nothing")).status).toBe(404);
  expect((await board.ask("/web/other/")).status).toBe(404);
});

test("a board whose page was not built says so, and serves all else", async () => {
  using dir = tempDir();
  expect(await loadPage(join(dir.path, "dist"))).toBeUndefined();
  await using board = await smallBoard(climaApp);
  const reply = await board.ask("/", { headers: browser });
  expect(reply.status).toBe(503);
  expect(await reply.text()).toContain("The page is not built: `bun run web` builds it.");
  expect(await (await board.ask("/")).text()).toBe("ok");
  expect((await board.ask("/assets/index.js")).status).toBe(404);
  expect((await board.ask("/api")).status).toBe(200);
});

test("a page is compiled into a program as an archive and served from there", async () => {
  using dir = tempDir();
  const archive = join(dir.path, "page.tar");
  await Bun.write(archive, new Bun.Archive(files));
  const program = join(dir.path, "program.ts");
  const from = JSON.stringify(join(import.meta.dir, "page", "load-page.ts"));
  await Bun.write(
    program,
    `import { loadPage } from ${from};
     const page = await loadPage("nowhere");
     console.log([...page.keys()].sort().join(), new TextDecoder().decode(page.get("index.html").bytes));`,
  );
  const outfile = join(dir.path, "program");
  const compile = ["build", "--compile", program, archive, "--outfile", outfile];
  const made = Bun.spawnSync([process.execPath, ...compile]);
  expect(made.stderr.toString()).not.toContain("error");
  const run = Bun.spawnSync([outfile], { cwd: "/" });
  expect(run.stdout.toString().trim()).toBe(`${Object.keys(files).sort().join()} ${html}`);
}, 60_000);
