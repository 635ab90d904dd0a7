// What `parleyd run` turns into. Not for people.
//
//   parleyd-supervisor /PATH/parleyd run ... MANIFEST               one node
//   parleyd-supervisor --several NAME=MANIFEST... -- /PATH/parleyd run ...   each of them: itself, with one manifest
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fleet.hpp"
#include "supervisor.hpp"

namespace {

int usage() {
  fputs(
      "usage: parleyd-supervisor /PATH/parleyd run --no-supervise MANIFEST\n"
      "       parleyd-supervisor --several NAME=MANIFEST... -- /PATH/parleyd run --no-supervise\n"
      "`parleyd run MANIFEST...` does it by itself.\n",
      stderr);
  return 2;
}

/// The names of nodes have no `=`.
int run_several(int argc, char** argv) {
  static parley::supervisor::fleet nodes;
  static char program[4096];
  const auto size = readlink("/proc/self/exe", program, sizeof program - 1);
  int rest = 2;
  while (rest < argc && strcmp(argv[rest], "--") != 0) ++rest;
  if (size <= 0 || rest + 1 >= argc) return usage();
  for (int i = 2; i < rest; ++i) {
    char* manifest = strchr(argv[i], '=');
    char** command = static_cast<char**>(calloc(static_cast<size_t>(argc - rest) + 2, sizeof(char*)));
    if (!manifest || !command) return usage();
    *manifest++ = '\0';
    int words = 0;
    command[words++] = program;
    for (int k = rest + 1; k < argc; ++k) command[words++] = argv[k];
    command[words] = manifest;
    if (nodes.add(argv[i], command)) continue;
    fprintf(stderr, "parleyd: at most %u nodes\n", parley::supervisor::fleet::most);
    return 2;
  }
  return nodes.run();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc >= 2 && strcmp(argv[1], "--several") == 0) return run_several(argc, argv);
  if (argc < 2 || argv[1][0] != '/') return usage();
  return parley::supervisor::supervisor(argv + 1).run();
}
