// A network of namespaces: each place has an address of its own and can be cut from everybody else.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace parley::test {

class network {
 public:
  /// Whether this machine lets us make one: root, iproute2, bridges.
  static bool possible();

  /// Throws failure when it cannot be made.
  explicit network(std::size_t places);
  ~network();
  network(const network&) = delete;

  /// Our end: where servers outside of the places listen.
  std::string here() const { return subnet_ + "1"; }
  std::string address(std::size_t place) const { return subnet_ + std::to_string(place + 2); }
  /// What stands before a command that is to run there.
  std::vector<std::string> enter(std::size_t place) const { return {"ip", "netns", "exec", name(place)}; }

  /// Nothing comes in or goes out, and nobody is told.
  void cut(std::size_t place);
  void mend(std::size_t place);

 private:
  std::string name(std::size_t place) const { return stem_ + "-" + std::to_string(place); }
  std::string cable(std::size_t place) const { return stem_ + "v" + std::to_string(place); }
  std::string bridge() const { return stem_ + "b"; }
  void make();
  void remove() noexcept;

  const std::string stem_;
  const std::size_t places_;
  std::string subnet_;
};

}  // namespace parley::test
