// The archive's database in SQLite's own WebAssembly build, which reads it through `Parts`;
// and what the search, in Python, asks of it.
import sqlite3InitModule from "./engine/sqlite3.mjs";
import { Parts } from "./parts.mjs";

const VFS = "parts";
const ROWS_AT_ONCE = 500;
const texts = new TextDecoder("utf-8", { ignoreBOM: true });

export async function openDatabase(site, base) {
  const sqlite3 = await sqlite3InitModule({ print: () => {}, printErr: () => {} });
  const parts = new Parts(site, base);
  install(sqlite3, parts);
  const db = new sqlite3.oo1.DB(`file:site.db?vfs=${VFS}&immutable=1&mode=ro`, "r");
  return new Database(sqlite3, db, parts);
}

// A file system that has one file, and can only read it.
function install(sqlite3, parts) {
  const { capi, wasm } = sqlite3;
  const standard = new capi.sqlite3_vfs(capi.sqlite3_vfs_find(null));
  const io = new capi.sqlite3_io_methods();
  const vfs = new capi.sqlite3_vfs();
  io.$iVersion = 1;
  vfs.$iVersion = 1;
  vfs.$szOsFile = capi.sqlite3_file.structInfo.sizeof;
  vfs.$mxPathname = 512;
  vfs.$xRandomness = standard.$xRandomness;
  vfs.$xSleep = standard.$xSleep;
  vfs.$xCurrentTime = standard.$xCurrentTime;
  const refuse = () => capi.SQLITE_READONLY;
  const agree = () => capi.SQLITE_OK;
  const ioMethods = {
    xClose: agree,
    xRead(_file, target, count, offset) {
      const into = wasm.heap8u().subarray(Number(target), Number(target) + count);
      try {
        const read = parts.readInto(into, Number(offset));
        if (read < count) {
          into.fill(0, read);
          return capi.SQLITE_IOERR_SHORT_READ;
        }
        return capi.SQLITE_OK;
      } catch {
        return capi.SQLITE_IOERR; // what it was is in Problem.latest
      }
    },
    xWrite: refuse,
    xTruncate: refuse,
    xSync: agree,
    xFileSize(_file, size) {
      wasm.poke64(size, BigInt(parts.size));
      return capi.SQLITE_OK;
    },
    xLock: agree,
    xUnlock: agree,
    xCheckReservedLock(_file, out) {
      wasm.poke32(out, 0);
      return capi.SQLITE_OK;
    },
    xFileControl: () => capi.SQLITE_NOTFOUND,
    xSectorSize: () => 4096,
    xDeviceCharacteristics: () => capi.SQLITE_IOCAP_IMMUTABLE,
  };
  const vfsMethods = {
    xOpen(_vfs, _name, file, flags, outFlags) {
      const opened = new capi.sqlite3_file(file);
      opened.$pMethods = io.pointer;
      opened.dispose();
      if (outFlags) {
        wasm.poke32(outFlags, flags);
      }
      return capi.SQLITE_OK;
    },
    xDelete: refuse,
    xAccess(_vfs, _name, _flags, out) {
      wasm.poke32(out, 0);
      return capi.SQLITE_OK;
    },
    xFullPathname(_vfs, name, size, out) {
      return wasm.cstrncpy(out, name, size) < size ? capi.SQLITE_OK : capi.SQLITE_CANTOPEN;
    },
    xGetLastError: () => 0,
  };
  sqlite3.vfs.installVfs({
    io: { struct: io, methods: ioMethods },
    vfs: { struct: vfs, methods: vfsMethods, name: VFS, asDefault: false },
  });
}

// Statements by number, rows as JSON: plain values cross between Python and here at once.
class Database {
  constructor(sqlite3, db, parts) {
    this.sqlite3 = sqlite3;
    this.db = db;
    this.read = parts;
    this.statements = new Map();
    this.last = 0;
  }

  // Begin a statement. Gives `[number]`, or `[0, code, message]`.
  begin(sql, params) {
    return this.guarded(() => {
      const statement = this.db.prepare(sql);
      this.last += 1;
      this.statements.set(this.last, statement);
      const values = JSON.parse(params);
      if (Array.isArray(values) ? values.length : Object.keys(values).length) {
        statement.bind(values);
      }
      if (statement.columnCount === 0) {
        statement.step(); // what gives no rows is done at once
        this.end(this.last);
      }
      return [this.last];
    });
  }

  // The next rows, at most so many; the statement ends where there are fewer.
  rows(number, most) {
    return this.guarded(() => {
      const statement = this.statements.get(number);
      const found = [];
      while (statement && found.length < Math.min(most, ROWS_AT_ONCE)) {
        if (!statement.step()) {
          this.end(number);
          return [found, true];
        }
        found.push(this.row(statement));
      }
      return [found, !statement];
    });
  }

  // The values of a row. Texts are read by their length: one may hold a NUL, and the
  // library's own way ends there.
  row(statement) {
    const { capi, wasm } = this.sqlite3;
    const values = [];
    for (let at = 0; at < statement.columnCount; at += 1) {
      if (capi.sqlite3_column_type(statement.pointer, at) !== capi.SQLITE_TEXT) {
        values.push(statement.get(at));
        continue;
      }
      const place = Number(capi.sqlite3_column_blob(statement.pointer, at));
      const size = capi.sqlite3_column_bytes(statement.pointer, at);
      values.push(texts.decode(wasm.heap8u().subarray(place, place + size)));
    }
    return values;
  }

  end(number) {
    this.statements.get(number)?.finalize();
    this.statements.delete(number);
  }

  // Milliseconds that were spent waiting for the network since the search began.
  waited() {
    return this.read.waited;
  }

  // Have SQLite ask, every so many steps, whether to stop.
  watch(look, steps) {
    const { capi } = this.sqlite3;
    this.look?.destroy?.();
    this.look = steps ? look.copy() : null;
    capi.sqlite3_progress_handler(this.db.pointer, steps, steps ? () => (this.look() ? 1 : 0) : 0, 0);
  }

  guarded(work) {
    try {
      return JSON.stringify(work());
    } catch (error) {
      return JSON.stringify([0, error.resultCode ?? 1, String(error.message ?? error)]);
    }
  }
}
