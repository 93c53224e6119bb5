/* Counts the pages that SQLite reads of database files, and makes each take a while: a disk
 * that is slow, on purpose. Loaded with LD_PRELOAD by bench_cold.py, which builds it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>
#include <unistd.h>

static long reads;
static long delay_us;
static ssize_t (*real_pread)(int, void *, size_t, off64_t);

long slow_reads_count(void) { return reads; }

void slow_reads_delay(long us) { delay_us = us; }

ssize_t pread64(int file, void *buffer, size_t size, off64_t offset)
{
  if (!real_pread)
    real_pread = dlsym(RTLD_NEXT, "pread64");
  if (size >= 512) {  /* headers and change counters are smaller than pages */
    reads++;
    if (delay_us) {
      struct timespec pause = {delay_us / 1000000, delay_us % 1000000 * 1000};
      nanosleep(&pause, 0);
    }
  }
  return real_pread(file, buffer, size, offset);
}

ssize_t pread(int file, void *buffer, size_t size, off_t offset)
{
  return pread64(file, buffer, size, offset);
}
