// parley-store: what `parleyctl copy-store`, `backup` and `restore` run.
#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>

#include "parley/sql.hpp"
#include "store/commands.hpp"
#include "store/trouble.hpp"

int main(int argc, char** argv) {
  using namespace parley::store;
  std::signal(SIGPIPE, SIG_IGN);
  const std::string verb = argc > 1 ? argv[1] : "";
  std::error_code failed;
  const auto directory = std::filesystem::read_symlink("/proc/self/exe", failed).parent_path().string();
  try {
    const std::vector<std::string> words(argv + (argc > 1 ? 2 : 1), argv + argc);
    if (verb == "copy-store") return copy_store(words, directory);
    if (verb == "backup") return make_backup(words, directory);
    if (verb == "restore") return restore_backup(words, directory);
    std::fputs("usage: parleyctl copy-store | backup | restore ...\n", stderr);
    return cannot_begin;
  } catch (const trouble& e) {
    std::fprintf(stderr, "parleyctl %s: %s\n", verb.c_str(), e.what());
    return e.exit_code;
  } catch (const parley::sql_error& e) {
    std::fprintf(stderr, "parleyctl %s: %s; what is done stays, the same command goes on\n", verb.c_str(), e.what());
    return interrupted;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "parleyctl %s: %s\n", verb.c_str(), e.what());
    return cannot_begin;
  }
}
