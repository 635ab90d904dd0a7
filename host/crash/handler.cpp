#include "host/crash/handler.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>
#include <unwind.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <exception>
#include <filesystem>

#include "host/crash/context.hpp"
#include "host/crash/safe_text.hpp"

namespace parley::host::crash {

namespace {

constexpr int caught[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
constexpr const char* caught_names[] = {"SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL", "SIGABRT"};
constexpr std::size_t stack_size = 64 << 10;
constexpr std::size_t most_frames = 64;
constexpr unsigned most_seconds = 10;  // for the record; then the process ends without

// Everything the handler needs, made before.
struct handler_state {
  char directory[512] = {};
  char executable[512] = {};
  char node[128] = {};
  char thrown[256] = {};  // what() of an exception nobody caught
  int supervisor_fd = -1;
  int spare_fd = -1;  // closed first: a process out of descriptors can tell that, too
  std::array<struct sigaction, std::size(caught)> before{};
  std::atomic<int> crashed{0};  // the thread that came first
};
handler_state state;
thread_local constinit bool pool_thread __attribute__((tls_model("initial-exec"))) = false;

template <std::size_t N>
void keep(char (&to)[N], const std::string& from) {
  std::snprintf(to, N, "%s", from.c_str());
}

struct trace {
  std::array<std::uintptr_t, most_frames> frames;
  std::size_t count = 0;
};

_Unwind_Reason_Code next_frame(_Unwind_Context* context, void* raw) {
  auto& t = *static_cast<trace*>(raw);
  const auto ip = _Unwind_GetIP(context);
  if (!ip || t.count == most_frames) return _URC_END_OF_STACK;
  t.frames[t.count++] = ip;
  return _URC_NO_REASON;
}

struct registers {
  std::uintptr_t pc = 0;
  std::uintptr_t return_address = 0;  // a guess, for a jump to nowhere
};

/// The object that is mapped there, whose name and base the loader tells without a lock.
bool object_at(std::uintptr_t address, dl_find_object& found) {
  return address && _dl_find_object(reinterpret_cast<void*>(address), &found) == 0;
}

registers registers_of(const void* raw) {
  registers out;
  const auto& machine = static_cast<const ucontext_t*>(raw)->uc_mcontext;
#if defined(__x86_64__)
  out.pc = static_cast<std::uintptr_t>(machine.gregs[REG_RIP]);
  dl_find_object ignored;
  // A call through a bad pointer has left its return address on top of the stack.
  if (!object_at(out.pc, ignored)) {
    const auto* top = reinterpret_cast<const std::uintptr_t*>(machine.gregs[REG_RSP]);
    if (top) out.return_address = *top;
  }
#elif defined(__aarch64__)
  out.pc = machine.pc;
  dl_find_object ignored;
  if (!object_at(out.pc, ignored)) out.return_address = machine.regs[30];
#endif
  return out;
}

/// From where it happened outwards, without the handler's own frames.
trace trace_of(const registers& at) {
  trace all;
  _Unwind_Backtrace(next_frame, &all);
  std::size_t first = 0;
  while (first < all.count && all.frames[first] != at.pc) ++first;
  trace out;
  if (first == all.count) {  // nobody knows how to unwind from there
    if (at.pc) out.frames[out.count++] = at.pc;
    if (at.return_address) out.frames[out.count++] = at.return_address;
    return out;
  }
  for (; first < all.count; ++first) out.frames[out.count++] = all.frames[first];
  if (out.count == 1 && at.return_address) out.frames[out.count++] = at.return_address;
  return out;
}

const char* name_of(int signal_number) {
  for (std::size_t i = 0; i < std::size(caught); ++i) {
    if (caught[i] == signal_number) return caught_names[i];
  }
  return "?";
}

using line = safe_text<2048>;

void write_frame(int fd, std::size_t number, std::uintptr_t ip) {
  line out;
  out.add("frame: ").add_number(number).add(" ").add_hex(ip, 12).add(" ");
  dl_find_object found;
  if (object_at(ip, found)) {
    const auto* map = found.dlfo_link_map;
    const char* file = map->l_name && *map->l_name ? map->l_name : state.executable;
    if (const auto* g = generation_at(ip)) file = g->file;
    out.add_hex(ip - map->l_addr).add(" ").add_printable(file, 512);
  } else {
    out.add("0x0 ?");
  }
  out.add("\n").write_to(fd);
}

/// Static text of the host or of a plugin that is still mapped; nothing is read from anywhere else.
const char* safe_origin() {
  const char* text = current.origin.load(std::memory_order_relaxed);
  dl_find_object found;
  return object_at(reinterpret_cast<std::uintptr_t>(text), found) ? text : "";
}

void name_culprit(line& out, const generation_entry* culprit) {
  if (!culprit) {
    out.add("the host itself");
  } else {
    out.add("plugin ").add_printable(culprit->name, sizeof culprit->name);
    out.add(", generation ").add_number(culprit->number);
  }
  if (const auto command = current.command.load(std::memory_order_relaxed)) {
    out.add(", command ").add_hex(command, 4);
  }
}

/// Beside the record, so that staging may be cleared.
void keep_file(int fd, const char* key, const char* file, const char* stem, const char* what) {
  line path;
  path.add(stem).add(what);
  const bool kept = link(file, path.c_str()) == 0;
  line out;
  out.add(key).add(": ").add_printable(kept ? path.c_str() : file, 600).add("\n").write_to(fd);
}

void tell_supervisor(int signal_number, const generation_entry* culprit, const char* record) {
  line out;
  if (state.supervisor_fd >= 0) {
    out.add(culprit ? "P" : "H").add(name_of(signal_number)).add(" in ");
  } else {
    out.add("parleyd: ").add(name_of(signal_number)).add(" in ");
  }
  name_culprit(out, culprit);
  out.add("; record ").add(record).add("\n");
  out.write_to(state.supervisor_fd >= 0 ? state.supervisor_fd : STDERR_FILENO);
}

void write_record(int signal_number, const siginfo_t& info, const void* context) {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  const auto unix_ms =
      static_cast<std::uint64_t>(now.tv_sec) * 1000 + static_cast<std::uint64_t>(now.tv_nsec) / 1000000;
  const auto pid = getpid();
  const auto tid = static_cast<pid_t>(syscall(SYS_gettid));
  char thread[16] = {};
  prctl(PR_GET_NAME, thread);

  line stem, path;
  stem.add(state.directory).add("/").add_number(unix_ms).add("-").add_number(static_cast<std::uint64_t>(pid));
  path.add(stem.c_str()).add(".crash");
  mkdir(state.directory, 0700);
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

  line out;
  out.add("parley crash record 1\ntime_ms: ").add_number(unix_ms);
  out.add("\nnode: ").add_printable(state.node, sizeof state.node);
  out.add("\nversion: " PARLEY_VERSION "\npid: ").add_number(static_cast<std::uint64_t>(pid));
  out.add("\nsignal: ").add(name_of(signal_number));
  out.add("\nfault_address: ").add_hex(reinterpret_cast<std::uintptr_t>(info.si_addr));
  out.add("\nthread: ").add(tid == pid ? "loop" : pool_thread ? "pool" : "foreign");
  out.add("\nthread_name: ").add_printable(thread, sizeof thread);
  if (state.thrown[0]) out.add("\nthrown: ").add_printable(state.thrown, sizeof state.thrown);
  out.add("\ncommand: ").add_hex(current.command.load(std::memory_order_relaxed), 4);
  out.add("\norigin: ").add_printable(safe_origin(), 64).add("\n");
  const auto* culprit = current.generation.load(std::memory_order_relaxed);
  if (culprit) {
    out.add("running: ").add_printable(culprit->name, sizeof culprit->name);
    out.add(" ").add_number(culprit->number).add("\n");
  }
  out.write_to(fd);

  // What comes now reads a stack that may be broken; a second fault ends the process with what is written so far.
  const char* by = culprit ? "running" : "nothing";
  const auto frames = trace_of(registers_of(context));
  for (std::size_t i = 0; i < frames.count; ++i) {
    const auto* g = generation_at(frames.frames[i]);
    if (!g) continue;
    culprit = g;
    by = "backtrace";
    break;
  }
  if (culprit) {
    out.add("plugin: ").add_printable(culprit->name, sizeof culprit->name);
    out.add("\ngeneration: ").add_number(culprit->number).add("\n");
    out.write_to(fd);
    keep_file(fd, "file", culprit->file, stem.c_str(), ".so");
    if (culprit->in_probation.load(std::memory_order_acquire)) {
      keep_file(fd, "previous_file", culprit->previous_file, stem.c_str(), ".previous.so");
    }
  }
  out.add("attributed_by: ").add(by).add("\n").write_to(fd);
  for (std::size_t i = 0; i < frames.count; ++i) write_frame(fd, i, frames.frames[i]);
  out.add("end\n").write_to(fd);
  if (fd >= 0) close(fd);
  tell_supervisor(signal_number, culprit, fd >= 0 ? path.c_str() : "could not be written");
}

void on_crash(int signal_number, siginfo_t* info, void* context) {
  const int me = static_cast<int>(syscall(SYS_gettid));
  int nobody = 0;
  if (!state.crashed.compare_exchange_strong(nobody, me)) {
    while (nobody != me) pause();  // another thread crashed first: its end is everybody's
  }
  signal(SIGALRM, SIG_DFL);
  alarm(most_seconds);
  if (state.spare_fd >= 0) close(state.spare_fd);
  if (nobody != me) write_record(signal_number, *info, context);
  // It is still blocked here: it comes again when this returns, where it happened, and nobody catches it.
  signal(signal_number, SIG_DFL);
#ifdef PARLEY_SANITIZED
  for (std::size_t i = 0; i < std::size(caught) && state.supervisor_fd < 0; ++i) {
    if (caught[i] == signal_number) sigaction(signal_number, &state.before[i], nullptr);
  }
#endif
  raise(signal_number);
}

[[noreturn]] void on_terminate() {
  if (const auto thrown = std::current_exception()) {
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& e) {
      keep(state.thrown, e.what());
    } catch (...) {
      keep(state.thrown, "something that is no std::exception");
    }
  }
  std::abort();
}

}  // namespace

thread_stack::thread_stack() {
  pool_thread = true;
  memory_ = mmap(nullptr, stack_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory_ == MAP_FAILED) return;
  stack_t stack{};
  stack.ss_sp = memory_;
  stack.ss_size = stack_size;
  sigaltstack(&stack, nullptr);
}

thread_stack::~thread_stack() {
  if (memory_ == MAP_FAILED) return;
  stack_t none{};
  none.ss_flags = SS_DISABLE;
  sigaltstack(&none, nullptr);
  munmap(memory_, stack_size);
}

void install_handler(const handler_options& options) {
  std::error_code failed;
  const auto directory = std::filesystem::absolute(options.data, failed) / "crash";
  keep(state.directory, directory.lexically_normal().string());
  keep(state.executable, std::filesystem::read_symlink("/proc/self/exe", failed).string());
  keep(state.node, options.node);
  state.supervisor_fd = options.supervisor_fd;
  state.spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
  static thread_stack loop_stack;
  pool_thread = false;
  std::set_terminate(on_terminate);
  struct sigaction action {};
  action.sa_sigaction = on_crash;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  for (const int number : caught) sigaddset(&action.sa_mask, number);
  for (std::size_t i = 0; i < std::size(caught); ++i) sigaction(caught[i], &action, &state.before[i]);
}

}  // namespace parley::host::crash
