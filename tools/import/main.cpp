// parley-import: what `parleyctl import-teamtalk` runs.
#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>

#include "import/run.hpp"
#include "import/trouble.hpp"

int main(int argc, char** argv) {
  using namespace parley::teamtalk;
  std::signal(SIGPIPE, SIG_IGN);
  try {
    std::error_code failed;
    const auto own = std::filesystem::read_symlink("/proc/self/exe", failed);
    const auto o = read_options({argv + 1, argv + argc}, own.parent_path().string());
    if (o.help) {
      std::fputs(usage_text, stdout);
      return done;
    }
    return run(o);
  } catch (const trouble& e) {
    std::fprintf(stderr, "parleyctl import-teamtalk: %s\n", e.what());
    return e.exit_code;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "parleyctl import-teamtalk: %s\n", e.what());
    return cannot_begin;
  }
}
