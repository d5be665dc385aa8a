/*
 * Loaded before the C library (LD_PRELOAD): makes reads of files below the folder SLOW_READS_BELOW as slow as the file
 * SLOW_READS says at that moment, in milliseconds. -1 lets a read wait until it says something else, as a network file
 * system does whose server is gone; -2 lets it fail, as a disk does that breaks.
 */
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static bool isBelow(int fd) {
  const char *folder = getenv("SLOW_READS_BELOW");
  if (folder == nullptr) return false;
  char link[32], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path);
  size_t expected = strlen(folder);
  return length > (ssize_t)expected && memcmp(path, folder, expected) == 0 && path[expected] == '/';
}

static long delayMs() {
  char text[16] = "";
  int file = open(getenv("SLOW_READS"), O_RDONLY);
  if (file < 0) return 0;
  syscall(SYS_read, file, text, sizeof text - 1);
  close(file);
  return atol(text);
}

/** Waits as long as it is told; whether the read is to fail then. */
static bool fails(int fd) {
  if (!isBelow(fd)) return false;
  long ms;
  while ((ms = delayMs()) == -1) usleep(50'000);
  if (ms >= 0) usleep(1000 * ms);
  else errno = EIO;
  return ms < 0;
}

extern "C" {
ssize_t read(int fd, void *to, size_t size) {
  return fails(fd) ? -1 : syscall(SYS_read, fd, to, size);
}
ssize_t pread(int fd, void *to, size_t size, off_t at) {
  return fails(fd) ? -1 : syscall(SYS_pread64, fd, to, size, at);
}
ssize_t pread64(int fd, void *to, size_t size, off_t at) { return pread(fd, to, size, at); }
ssize_t readv(int fd, const iovec *to, int count) {
  return fails(fd) ? -1 : syscall(SYS_readv, fd, to, count);
}
ssize_t preadv(int fd, const iovec *to, int count, off_t at) {
  return fails(fd) ? -1 : syscall(SYS_preadv, fd, to, count, at, 0);
}
ssize_t preadv64(int fd, const iovec *to, int count, off_t at) { return preadv(fd, to, count, at); }
}
