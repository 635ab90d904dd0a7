// A plugin whose static objects say when they are destroyed, in the file that PARLEY_TEST_STATICS names.
#include <parley/plugin.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>

namespace {

struct noted {
  explicit noted(char c) : letter(c) {}
  noted(const noted&) = delete;
  ~noted() {
    const char* file = std::getenv("PARLEY_TEST_STATICS");
    const int fd = file ? open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
    if (fd < 0) return;
    (void)!write(fd, &letter, 1);
    close(fd);
  }
  char letter;
};

const noted first('a');
const noted second('b');
const noted& within() {
  static const noted third('c');
  return third;
}
const noted& used = within();

class statics final : public parley::plugin {
 public:
  using plugin::plugin;
  parley::status self_test() override {
    return first.letter < second.letter && used.letter == 'c' ? parley::status::ok : parley::status::fault;
  }
};

}  // namespace

PARLEY_PLUGIN(statics, "static_objects", "1.0.0", "has static objects")
