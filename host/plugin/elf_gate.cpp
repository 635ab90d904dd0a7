#include "host/plugin/elf_gate.hpp"

#include <elf.h>

#include <algorithm>
#include <string_view>

#include "host/plugin/elf_file.hpp"
#include "parley/abi.h"

namespace parley::host {

namespace {

constexpr std::size_t most_named = 5;

/// "a, b and 12 more"
std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < std::min(names.size(), most_named); ++i) out += (i ? ", " : "") + demangled(names[i]);
  if (names.size() > most_named) out += " and " + std::to_string(names.size() - most_named) + " more";
  return out;
}

template <class Condition>
std::vector<std::string> names_of(const elf_file& file, Condition condition) {
  std::vector<std::string> out;
  for (const auto& s : file.symbols) {
    if (condition(s)) out.push_back(s.name);
  }
  return out;
}

bool is_any_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

class gate {
 public:
  explicit gate(const elf_file& file) : file_(file) {}

  std::vector<elf_finding> judge() {
    check_symbols();
    check_flags();
    check_imports();
    if (file_.build_id.empty()) {
      say("build_id",
          "it has no build-id, which names its staged copy and tells generations apart: link it with "
          "-Wl,--build-id, as parley_add_plugin() does");
    }
    return std::move(findings_);
  }

 private:
  void say(const char* rule, std::string text) { findings_.push_back({rule, std::move(text)}); }

  void check_symbols() {
    const auto exports = names_of(file_, [](const auto& s) { return s.exported; });
    if (std::find(exports.begin(), exports.end(), PARLEY_PLUGIN_SYMBOL) == exports.end()) {
      say("no_symbol", "it exports no " PARLEY_PLUGIN_SYMBOL
                       ": a plugin says PARLEY_PLUGIN(...) once and is built by parley_add_plugin()");
    }
    const auto unique = names_of(file_, [](const auto& s) { return s.defined && s.unique; });
    if (!unique.empty()) {
      say("unique_symbols", "unique symbols (" + listed(unique) +
                                ") would keep it mapped for ever and be shared with its next generation: build it with "
                                "parley_add_plugin(), or -fno-gnu-unique and a version script with local: *");
    }
    const auto others =
        names_of(file_, [](const auto& s) { return s.exported && !s.unique && s.name != PARLEY_PLUGIN_SYMBOL; });
    if (!others.empty()) {
      say("exports", "it exports more than " PARLEY_PLUGIN_SYMBOL " (" + listed(others) +
                         "), which other files may bind to: build it with parley_add_plugin(), whose version script "
                         "hides the rest");
    }
  }

  void check_flags() {
    if (file_.flags_1 & DF_1_NODELETE) {
      say("nodelete", "it is linked with -z nodelete: the loader would never unmap it; link it without");
    }
    if (file_.flags & DF_STATIC_TLS) {
      say("static_tls",
          "it uses static thread-local storage, of which a process has little and gets none back: compile "
          "it with -ftls-model=global-dynamic, or keep the data in the plugin's instance");
    }
  }

  void check_imports() {
    const auto imports = [&](std::initializer_list<std::string_view> names) {
      return names_of(file_, [&](const auto& s) { return !s.defined && is_any_of(s.name, names); });
    };
    if (!imports({"__cxa_thread_atexit", "__cxa_thread_atexit_impl"}).empty()) {
      say("thread_local",
          "it has a thread_local with a destructor: once touched it keeps the file mapped until that "
          "thread ends, which a pool's never does; keep the data in the plugin's instance");
    }
    // std::thread's own starter is in libstdc++.
    const auto threads =
        imports({"pthread_create", "thrd_create",
                 "_ZNSt6thread15_M_start_threadESt10unique_ptrINS_6_StateESt14default_deleteIS1_EEPFvvE"});
    if (!threads.empty()) {
      say("threads", "it starts threads of its own (" + listed(threads) +
                         "), which nobody can join before its code goes: use a worker pool, which the host lends");
    }
    for (const auto& library : file_.needed) {
      if (!library.starts_with("libprotobuf.so")) continue;
      say("full_protobuf", "it links the full protobuf runtime (" + library +
                               "), where two plugins with the same message end the process: use LITE messages "
                               "(optimize_for = LITE_RUNTIME) and libprotobuf-lite");
    }
  }

  const elf_file& file_;
  std::vector<elf_finding> findings_;
};

}  // namespace

std::string elf_report::to_string(const std::string& file) const {
  if (findings.empty()) return {};
  std::string out = file + ": ";
  for (std::size_t i = 0; i < findings.size(); ++i) out += (i ? "; " : "") + findings[i].text;
  return out;
}

elf_report elf_gate(const std::string& file) {
  elf_report report;
  const auto read = elf_file::read(file);
  if (!read) {
    report.findings.push_back({"unreadable", read.text()});
    return report;
  }
  report.build_id = read->build_id;
  report.findings = gate(*read).judge();
  return report;
}

elf_report elf_gate_here(const std::string& file) {
  auto report = elf_gate(file);
#ifdef PARLEY_SANITIZED
  std::erase_if(report.findings, [](const auto& f) { return f.rule != "unreadable" && f.rule != "no_symbol"; });
#endif
  return report;
}

}  // namespace parley::host
