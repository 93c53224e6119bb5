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

  // Arrows alone: a letter would be one of those that people say to a computer, and that
  // WCAG (2.1.4) wants to be switched off. They are a reader's own where something is
  // typed, and where they move what is shown.
  function isTaken(event) {
    if (hasModifier(event) || event.repeat || event.defaultPrevented) return true;
    return isTypedInto(event.target) || movesSideways(event.target);
  }

  function isTypedInto(target) {
    return target.closest(TYPED_INTO) !== null;
  }

  function movesSideways(target) {
    const isEnlarged = window.visualViewport && window.visualViewport.scale > 1;
    const page = document.documentElement;
    if (isEnlarged || page.scrollWidth > page.clientWidth) return true;
    for (let each = target; each; each = each.parentElement) {
      const isScrolled = /auto|scroll/.test(getComputedStyle(each).overflowX);
      if (isScrolled && each.scrollWidth > each.clientWidth) return true;
    }
    return false;
  }

  function onKey(event) {
    const link = document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`);
    if (!link || isTaken(event)) return;
    event.preventDefault();
    link.click();
  }

  for (const link of document.querySelectorAll('a[data-key]')) {
    link.setAttribute('aria-keyshortcuts', link.dataset.key);
    link.title = link.dataset.title;
  }
  document.addEventListener('keydown', onKey);

  if (told) {
    for (const link of document.querySelectorAll('a.floor')) {
      link.title = told.dataset.copies;
    }
    document.addEventListener('click', onClick);
  }
})();
