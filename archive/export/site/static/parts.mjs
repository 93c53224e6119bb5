// A file that lies on a web server in parts, read by ranges, in blocks that are kept.

const BLOCK = 16 * 1024;
const MOST_AHEAD = 8; // blocks that are read at once where one follows the other
const REQUESTS = 16; // after so many in a search a block more is read at once
const WHOLE = 48 * 1024 * 1024; // so much is loaded whole where a server gives no ranges

// What a reader is told. `kind`: gone, ranges, missing, network.
export class Problem extends Error {
  static latest = null;

  constructor(kind, detail = "") {
    super(`${kind}: ${detail}`);
    this.name = "Problem";
    this.kind = kind;
    this.detail = detail;
    Problem.latest = this;
  }

  // One that SQLite and Python made an error of their own.
  static within() {
    return Problem.latest;
  }
}

export class Parts {
  // `site.parts`: [name, size in bytes] of each part, in order.
  constructor(site, base) {
    this.parts = [];
    let start = 0;
    for (const [name, size] of site.parts) {
      this.parts.push({ url: new URL(name, base).href, start, size });
      start += size;
    }
    this.size = start;
    this.blocks = new Map();
    this.next = -1; // the block behind the last that was asked for
    this.ahead = 1;
    this.begin();
    if (!givesRanges(new URL(site.probe, base).href)) {
      this.loadAll();
    }
  }

  begin() {
    this.requests = 0;
    this.bytes = 0;
    this.waited = 0;
  }

  told() {
    return { requests: this.requests, bytes: this.bytes, waited: Math.round(this.waited) };
  }

  // `count` bytes from `offset` on into `target`; what lies behind the end stays as it is.
  readInto(target, offset) {
    const end = Math.min(offset + target.length, this.size);
    let at = offset;
    while (at < end) {
      const number = Math.floor(at / BLOCK);
      const block = this.block(number);
      const from = at - number * BLOCK;
      const count = Math.min(end - at, block.length - from);
      target.set(block.subarray(from, from + count), at - offset);
      at += count;
    }
    return Math.max(0, end - offset);
  }

  block(number) {
    if (!this.blocks.has(number)) {
      const least = 1 + Math.floor(this.requests / REQUESTS);
      const follows = number === this.next;
      this.ahead = Math.max(least, follows ? Math.min(this.ahead * 2, MOST_AHEAD) : 1);
      this.load(number, this.ahead);
    }
    return this.blocks.get(number);
  }

  // Blocks from one on, up to one that is there already, or the end.
  load(first, most) {
    let last = first;
    while (last + 1 < first + most && (last + 1) * BLOCK < this.size
        && !this.blocks.has(last + 1)) {
      last += 1;
    }
    this.next = last + 1;
    const begin = first * BLOCK;
    const bytes = this.fetchRange(begin, Math.min((last + 1) * BLOCK, this.size));
    this.keep(bytes, begin);
  }

  keep(bytes, begin) {
    for (let from = 0; from < bytes.length; from += BLOCK) {
      this.blocks.set((begin + from) / BLOCK, bytes.subarray(from, from + BLOCK));
    }
  }

  // The bytes from `begin` to `end`, which may lie in several parts.
  fetchRange(begin, end) {
    const bytes = new Uint8Array(end - begin);
    for (const part of this.parts) {
      const from = Math.max(begin, part.start);
      const to = Math.min(end, part.start + part.size);
      if (from < to) {
        bytes.set(this.ask(part, from - part.start, to - part.start), from - begin);
      }
    }
    return bytes;
  }

  ask(part, from, to) {
    const began = performance.now();
    const { status, bytes } = request(part.url, `bytes=${from}-${to - 1}`);
    this.waited += performance.now() - began;
    this.requests += 1;
    this.bytes += bytes.length;
    if (status === 404 || status === 410) {
      throw new Problem("gone", part.url);
    }
    if (status !== 206 || bytes.length !== to - from) {
      throw new Problem("ranges", `${status}`);
    }
    return bytes;
  }

  loadAll() {
    if (this.size > WHOLE) {
      throw new Problem("ranges", `${this.size}`);
    }
    const all = new Uint8Array(this.size);
    for (const part of this.parts) {
      const { status, bytes } = request(part.url, null);
      if (status !== 200 || bytes.length !== part.size) {
        throw new Problem("gone", part.url);
      }
      all.set(bytes, part.start);
    }
    this.keep(all, 0);
  }
}

// Whether the server gives a part of a small file where it is asked for one.
function givesRanges(url) {
  const { status, bytes } = request(url, "bytes=2-5");
  if (status === 404) {
    throw new Problem("missing", url);
  }
  return status === 206 && bytes.length === 4;
}

// SQLite waits for what it reads, so this waits as well: it runs in a worker, not in the page.
function request(url, range) {
  const asked = new XMLHttpRequest();
  asked.open("GET", url, false);
  asked.responseType = "arraybuffer";
  if (range !== null) {
    asked.setRequestHeader("Range", range);
  }
  try {
    asked.send();
  } catch (error) {
    throw new Problem("network", error.message);
  }
  return { status: asked.status, bytes: new Uint8Array(asked.response ?? 0) };
}
