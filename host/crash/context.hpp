// What a signal handler may read when the process dies: which plugin runs on this thread, and which file lies where in
// memory. Plain fixed memory, no locks, no allocation on the way.
//
// Rationale: a crash is told by the process that crashes, and there nothing can be trusted but what was written down
// before. So each step into a plugin leaves a few plain stores here, and each loaded file an entry in a table.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

namespace parley::host::crash {

/// A loaded plugin file. Fixed memory, valid for the life of the process; its fields may be read from a signal handler
/// while `used` is true. Longer texts are cut.
struct generation_entry {
  std::atomic<bool> used{false};
  char name[64] = {};
  std::uint32_t number = 0;
  char file[512] = {};       // the staged copy that is mapped, absolute where it can be
  std::uintptr_t begin = 0;  // its mapping, [begin, end); 0 when the loader does not know the file
  std::uintptr_t end = 0;
  std::atomic<bool> in_probation{false};
  char previous_file[512] = {};  // where a crash in probation goes back to
};

inline constexpr std::size_t most_generations = 128;

/// A plugin file was mapped: from now its addresses are told by plugin and number. `file` is the path it was opened
/// under. The same name and number again replaces the older entry. Null, and counted on as "not known", when the table
/// is full. [any]
generation_entry* generation_loaded(const std::string& name, std::uint32_t number, const std::string& file);
/// Until settled, a crash that is this generation's fault restarts the node with `previous_file`. [any]
void generation_in_probation(const std::string& name, std::uint32_t number, const std::string& previous_file);
/// Its probation is over. [any]
void generation_settled(const std::string& name, std::uint32_t number);
/// Nothing of it is mapped any more. [any]
void generation_unmapped(const std::string& name, std::uint32_t number);

/// The generation whose file is mapped there; null when none is. Safe in a signal handler.
const generation_entry* generation_at(std::uintptr_t address);

/// An entry that lives as long as the file is mapped: a member declared before the library's.
class registration {
 public:
  registration(const std::string& name, std::uint32_t number, const std::string& file)
      : name_(name), number_(number), entry_(generation_loaded(name, number, file)) {}
  registration(const registration&) = delete;
  ~registration() { generation_unmapped(name_, number_); }
  const generation_entry* entry() const { return entry_; }

 private:
  std::string name_;
  std::uint32_t number_;
  generation_entry* entry_;
};

/// What runs on a thread. Written by its own thread only; the loop's is read by the stall watch, too, hence atomics,
/// which cost no more than plain stores here.
struct running {
  std::atomic<const generation_entry*> generation{nullptr};  // null: the host itself
  std::atomic<const char*> origin{""};                       // static text: what kind of step, or who asked for it
  std::atomic<std::uint32_t> command{0};                     // the command it is about; 0 = none
  std::atomic<std::uint32_t> frames{0};                      // steps into plugins so far, wraps around
  std::atomic<bool> watch_asleep{false};                     // the stall watch wants to be woken at the next step
};

/// This thread's. In the TLS block that is there from the start, so that a signal handler may read it, and a store is
/// one instruction. (initial-exec, which a program's link turns into local-exec: the test harness is a shared library.)
extern thread_local constinit running current __attribute__((tls_model("initial-exec")));

/// A step into a plugin, until it is left; steps nest.
class scope {
 public:
  scope(const generation_entry* generation, const char* origin, std::uint32_t command)
      : generation_(get(current.generation)) {
    if (generation_) [[unlikely]] {
      origin_ = get(current.origin);
      command_ = get(current.command);
    }
    set(current.generation, generation);
    set(current.origin, origin);
    set(current.command, command);
    set(current.frames, get(current.frames) + 1);
  }
  scope(const scope&) = delete;
  ~scope() {
    if (generation_) [[unlikely]] {
      set(current.origin, origin_);
      set(current.command, command_);
    } else {
      set(current.command, std::uint32_t{0});
    }
    set(current.generation, generation_);
  }

 private:
  template <class T>
  static T get(const std::atomic<T>& a) {
    return a.load(std::memory_order_relaxed);
  }
  template <class T>
  static void set(std::atomic<T>& a, T value) {
    a.store(value, std::memory_order_relaxed);
  }
  const generation_entry* generation_;  // what was left for this step, with the next two; null = the host
  const char* origin_;
  std::uint32_t command_;
};

}  // namespace parley::host::crash
