// parleyd-supervisor COMMAND [ARGUMENT...]: what `parleyd run` turns into. Not for people.
#include <stdio.h>

#include "supervisor.hpp"

int main(int argc, char** argv) {
  if (argc < 2 || argv[1][0] != '/') {
    fputs(
        "usage: parleyd-supervisor /PATH/parleyd run --no-supervise MANIFEST\n"
        "`parleyd run MANIFEST` does it by itself.\n",
        stderr);
    return 2;
  }
  return parley::supervisor::supervisor(argv + 1).run();
}
