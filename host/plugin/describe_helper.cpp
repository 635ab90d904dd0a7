#include "host/plugin/describe_helper.hpp"

#include <dlfcn.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <string_view>

#include "host/plugin/descriptor.hpp"

namespace parley::host {

namespace {

struct remedy {
  const char* symptom;  // in dlerror()'s text
  const char* what;
};

constexpr remedy remedies[] = {
    {"file too short", "the file is cut short: copy or build it again"},
    {"cannot read file data", "the file is cut short: copy or build it again"},
    {"invalid ELF header", "this is no shared library: name the .so that parley_add_plugin() builds"},
    {"only ET_DYN and ET_EXEC can be loaded", "this is an object file: name the .so that parley_add_plugin() builds"},
    {"cannot dynamically load", "this is a program: name the .so that parley_add_plugin() builds"},
    {"wrong ELF class", "it was built for another kind of machine: build it on this one"},
    {"ELF file's", "it was built for another kind of machine: build it on this one"},
    {"undefined symbol",
     "it uses something that neither it nor the host brings: link the library that has the symbol, or rebuild it "
     "against this host's SDK"},
    {"' not found (required by",
     "it was built with a newer compiler or C library than this machine has: build it here"},
    {"cannot open shared object file", "a file is not there: build the plugin, or install the library it needs"},
    {"Permission denied", "give this user the right to read it"},
};

/// The loader's words for what went wrong with `path`, and what to do.
std::string remedy_for(const std::string& path, std::string_view symptom) {
  // It passes over a library of another machine and then misses it.
  const bool says_it_is_absent = symptom.starts_with(path + ": cannot open shared object file");
  if (says_it_is_absent && access(path.c_str(), R_OK) == 0)
    return ": it was built for another kind of machine: build it on this one";
  for (const remedy& r : remedies) {
    if (symptom.find(r.symptom) != std::string_view::npos) return std::string(": ") + r.what;
  }
  return "";
}

/// The descriptor's text for stdout. What the plugin prints meanwhile goes to stderr.
class answer {
 public:
  answer() : fd_(dup(STDOUT_FILENO)) { dup2(STDERR_FILENO, STDOUT_FILENO); }
  ~answer() { ::close(fd_); }
  answer(const answer&) = delete;

  bool write(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t sent = ::write(fd_, text.data(), text.size());
      if (sent <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

 private:
  int fd_;
};

/// It may crash, which its end should say plainly (a sanitizer would make it an exit status) and nobody wants the core
/// of; it may hang, and must not outlive who waits for it.
void be_expendable() {
  for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) std::signal(fault, SIG_DFL);
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
}

int failed(const std::string& text) {
  std::fprintf(stderr, "%s\n", text.c_str());
  return 1;
}

}  // namespace

int describe_main(const std::string& file) {
  be_expendable();
  const answer out;
  // Without a slash the loader would look in its library path.
  const std::string path = file.find('/') == std::string::npos ? "./" + file : file;
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    const char* why = dlerror();
    const std::string reason = why ? why : "it does not load";
    return failed((reason.starts_with(path) ? "" : file + ": ") + reason + remedy_for(path, reason));
  }
  const void* symbol = dlsym(library, PARLEY_PLUGIN_SYMBOL);
  if (!symbol) {
    return failed(file + " exports no " PARLEY_PLUGIN_SYMBOL
                         ": a plugin says PARLEY_PLUGIN(...) once and is built by parley_add_plugin()");
  }
  const auto info = read_descriptor(static_cast<const parley_plugin_descriptor*>(symbol), file);
  if (!info) return failed(info.text());
  if (!out.write(to_json(*info) + "\n")) return failed(file + ": its description cannot be written");
#ifndef PARLEY_SANITIZED
  dlclose(library);  // a plugin that crashes when it goes should do so here
#endif
  return 0;
}

}  // namespace parley::host
