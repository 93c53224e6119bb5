// Answers searches: the archive's own search, in Python, over its database, read in parts.
import { Problem } from "./parts.mjs";
import { openDatabase } from "./database.mjs";
import { loadPyodide } from "./engine/pyodide.mjs";

const here = new URL(".", import.meta.url);
// A browser has no clock of the processor's time alone, and only one reader waits: what bounds a
// search here are SQLite's steps, as elsewhere before time does.
const PREPARE = `
import sys, time
sys.path.insert(0, "/modules")
time.thread_time = lambda: 0.0
`;
let ready = null;

async function begin() {
  const answer = await fetch(new URL("site.json", here), { cache: "no-cache" });
  if (!answer.ok) {
    throw new Problem("missing", "site.json");
  }
  const site = await answer.json();
  const database = await openDatabase(site, here);
  const python = await loadPyodide({
    indexURL: new URL("engine/", here).href,
    lockFileContents: { info: site.python, packages: {} },
  });
  python.registerJsModule("browser_sqlite", database);
  const modules = await fetch(new URL(site.modules, here));
  if (!modules.ok) {
    throw new Problem("missing", site.modules);
  }
  python.unpackArchive(await modules.arrayBuffer(), "zip", { extractDir: "/modules" });
  python.runPython(PREPARE);
  const module = python.pyimport("archive.export.site.browser");
  return { answers: module.Answers(JSON.stringify(site)), database };
}

async function find({ number, query, language }) {
  Problem.latest = null;
  try {
    ready ??= begin();
    const { answers, database } = await ready;
    database.read.begin();
    const answer = answers.answer(query, language);
    const [page, asked] = answer.toJs();
    answer.destroy();
    return { number, page, query: asked, read: database.read.told() };
  } catch (error) {
    ready = await begun(ready);
    const problem = error instanceof Problem ? error : Problem.within(error);
    if (problem !== null) {
      return { number, problem: problem.kind, detail: problem.detail };
    }
    const lines = String(error.message ?? error).trim().split("\n");
    return { number, problem: "failed", detail: lines[lines.length - 1] };
  }
}

// What could not begin begins anew with the next search.
async function begun(state) {
  try {
    await state;
    return state;
  } catch {
    return null;
  }
}

let turn = Promise.resolve();
onmessage = ({ data }) => {
  turn = turn.then(async () => postMessage(await find(data)));
};
