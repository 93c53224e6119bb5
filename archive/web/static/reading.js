// Copies the link of a floor and says so, and follows links by key. Every page is whole
// without it: the links lead where they lead.
'use strict';
(() => {
  const SAID_MS = 5000;
  const TYPED_INTO = 'input, select, textarea, audio, video, [contenteditable]';
  const told = document.querySelector('.told');

  function hasModifier(event) {
    return event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
  }

  // Where a page came neither by https nor from this machine, browsers have no clipboard.
  function copyBySelection(text) {
    const put = (event) => {
      event.clipboardData.setData('text/plain', text);
      event.preventDefault();
    };
    document.addEventListener('copy', put);
    const isCopied = document.execCommand('copy');
    document.removeEventListener('copy', put);
    return isCopied;
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copyBySelection(text);
    }
  }

  // Emptied first: what is said twice alike is not read out again.
  function say(words) {
    told.textContent = '';
    setTimeout(() => { told.textContent = words; }, 50);
    clearTimeout(say.timer);
    say.timer = setTimeout(() => { told.textContent = ''; }, SAID_MS);
  }

  async function onClick(event) {
    const link = event.target.closest('a.floor');
    if (!link || event.button || hasModifier(event)) return;
    event.preventDefault();
    const isCopied = await copy(link.href);
    if (!isCopied) {
      location.assign(link.href);
      return;
    }
    say(told.dataset.copied + link.textContent);
  }

  if (told) {
    for (const link of document.querySelectorAll('a.floor')) {
      link.title = told.dataset.copies;
    }
    document.addEventListener('click', onClick);
  }
})();
