/** Start the server as the built extension does, and replay an editing session: every message has to get the expected answer. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const require = createRequire(import.meta.url);
const { launch, failure } = require("../out/launch.js");
const TIMEOUT = 60_000;

/** Tell whether a message holds everything that is expected; lists have to be of one length. */
function holds(found, wanted) {
  if (Array.isArray(wanted)) return Array.isArray(found) && found.length === wanted.length && wanted.every((w, i) => holds(found[i], w));
  if (wanted !== null && typeof wanted === "object")
    return found !== null && typeof found === "object" && Object.entries(wanted).every(([key, value]) => holds(found[key], value));
  return found === wanted;
}

/** Split a stream into the messages of the protocol. */
function* messages(state) {
  for (;;) {
    const head = state.data.indexOf("\r\n\r\n");
    if (head < 0) return;
    const length = Number(/Content-Length: (\d+)/i.exec(state.data.subarray(0, head).toString())[1]);
    if (state.data.length < head + 4 + length) return;
    yield JSON.parse(state.data.subarray(head + 4, head + 4 + length).toString());
    state.data = state.data.subarray(head + 4 + length);
  }
}

test("the server answers a session as recorded", { timeout: TIMEOUT }, async () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "cardlint-")));
  const text = readFileSync(fileURLToPath(new URL("session.json", import.meta.url)), "utf8");
  const steps = JSON.parse(text.replaceAll("${root}", pathToFileURL(root).href).replaceAll("${path}", root));
  const { command, args, options } = launch(process.env.CARDLINT ?? "");
  const server = spawn(command, args, { ...options, stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, CARDLINT_CACHE_DIR: join(root, "..", "cache") } });
  const state = { data: Buffer.alloc(0) };
  const got = [];
  let wake = () => {};
  server.stdout.on("data", (data) => {
    state.data = Buffer.concat([state.data, data]);
    got.push(...messages(state));
    wake();
  });
  for (const step of steps) {
    if (step.send) {
      const body = Buffer.from(JSON.stringify(step.send));
      server.stdin.write(Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]));
      continue;
    }
    const { id, method } = step.expect;
    let found;
    while (found === undefined) {
      const at = got.findIndex((message) => (id !== undefined ? message.id === id && "result" in message : message.method === method));
      if (at >= 0) [found] = got.splice(at, 1);
      else await new Promise((resolve) => (wake = resolve));
    }
    assert.ok(holds(found, step.expect), `${JSON.stringify(step.expect)}\n${JSON.stringify(found)}`);
  }
  assert.equal(await new Promise((resolve) => server.on("exit", resolve)), 0);
});

test("a message tells what to install", () => {
  assert.match(failure("cardlint", new Error("spawn cardlint ENOENT")), /`cardlint server` does not start: spawn cardlint ENOENT\. .*cardlint\[lsp\]/);
  assert.deepEqual(launch("  "), { command: "cardlint", args: ["server"], options: { cwd: homedir() } });
  assert.deepEqual(launch("/opt/cardlint"), { command: "/opt/cardlint", args: ["server"], options: { cwd: homedir() } });
});
