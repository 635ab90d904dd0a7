#include "log_line.hpp"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

namespace parley::supervisor {

void log_line(const char* level, const char* format, ...) {
  char text[2048];
  timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  tm local;
  localtime_r(&now.tv_sec, &local);
  auto size = static_cast<int>(strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &local));
  const int room = static_cast<int>(sizeof text) - 1;
  size +=
      snprintf(text + size, static_cast<size_t>(room - size), ".%03ld %s [supervisor] ", now.tv_nsec / 1000000, level);
  va_list arguments;
  va_start(arguments, format);
  size += vsnprintf(text + size, static_cast<size_t>(room - size), format, arguments);
  va_end(arguments);
  if (size >= room) size = room - 1;
  text[size++] = '\n';
  (void)!write(STDERR_FILENO, text, static_cast<size_t>(size));
}

}  // namespace parley::supervisor
