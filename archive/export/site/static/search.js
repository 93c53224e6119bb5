// The search page: shows answers that a worker finds. A plain script, not a module: it has to
// run where a page is opened as a file, too, to say why nothing can be found there.
"use strict";

(() => {
  const page = document.documentElement;
  const form = document.querySelector("form.choose");
  const note = document.getElementById("search-note");
  const place = document.currentScript.src;
  const words = note.dataset;
  let worker = null;
  let last = 0;

  function say(text) {
    const shown = document.getElementById("search-note");
    shown.textContent = text;
    shown.hidden = text === "";
  }

  function begin() {
    worker = new Worker(new URL("worker.mjs", place), { type: "module" });
    worker.onmessage = ({ data }) => {
      if (data.number !== last) {
        return;
      }
      if (data.problem) {
        say(`${words[data.problem] || words.failed} ${data.detail || ""}`.trim());
      } else {
        show(data);
      }
    };
    worker.onerror = (event) => {
      say(`${words.failed} ${event.message || ""}`.trim());
    };
  }

  // What the worker sends is a page of the same template, its words escaped by it.
  function show(data) {
    const answer = new DOMParser().parseFromString(data.page, "text/html");
    const fresh = answer.getElementById("content");
    document.title = answer.title;
    document.getElementById("content").replaceWith(document.importNode(fresh, true));
    if (data.query !== location.search.slice(1)) {
      history.replaceState(null, "", `?${data.query}`);
    }
    say("");
    page.dataset.answered = String(data.number);
    page.dataset.read = JSON.stringify(data.read);
  }

  function ask() {
    const query = location.search.slice(1);
    if (query === "") {
      return;
    }
    if (location.protocol === "file:") {
      say(words.file);
      return;
    }
    if (typeof WebAssembly !== "object") {
      say(words.failed);
      return;
    }
    last += 1;
    say(words.working);
    if (worker === null) {
      begin();
    }
    worker.postMessage({ number: last, query, language: page.lang });
  }

  function go(query) {
    history.pushState(null, "", `?${query}`);
    ask();
    scrollTo(0, 0);
  }

  document.addEventListener("submit", (event) => {
    if (location.protocol === "file:" || !event.target.matches("form.choose")) {
      return;
    }
    event.preventDefault();
    go(new URLSearchParams(new FormData(event.target)).toString());
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey);
    if (link === null || !isPlain || location.protocol === "file:") {
      return;
    }
    const target = new URL(link.href);
    if (target.origin === location.origin && target.pathname === location.pathname
        && target.search !== "") {
      event.preventDefault();
      go(target.search.slice(1));
    }
  });
  addEventListener("popstate", ask);
  if (form !== null) {
    ask();
  }
})();
