// Says of Datasette's own pages what they leave unsaid to those who do not see them: the
// language, the names of filters, and which boxes scroll.
"use strict";
(() => {
  const words = document.currentScript.dataset;
  const NAMES = [
    ["[name^=_filter_column]", words.column],
    ["[name^=_filter_op]", words.comparison],
    ["[name^=_filter_value]", words.value],
    ["[name=_sort]", words.sort],
    [".CodeMirror textarea", "SQL"],
  ];
  const BOXES = ".table-wrapper, pre.wrapped-sql, pre#sql-query, .facet-info";

  function name() {
    for (const [selector, word] of NAMES) {
      for (const field of document.querySelectorAll(selector)) {
        field.setAttribute("aria-label", word);
      }
    }
    for (const box of document.querySelectorAll(BOXES)) {
      box.tabIndex = 0;
    }
  }

  document.documentElement.lang = words.lang;
  name();
  // Datasette makes its editor of SQL once all is loaded
  addEventListener("load", () => setTimeout(name));
})();
