#pragma once

#include "fixture.hpp"

namespace parley::test {

/// A node whose plugin `holding` keeps requests waiting, in `waiting_filter` too, until the test lets them go.
class holding_test : public reload_test {
 protected:
  /// `more`: lines of further plugins.
  holding_test(const std::string& reload, const std::string& more) {
    reload_ = reload;
    more_ = "  - {name: holding, file: \"" + changing_file("holding") + "\"}\n  - {name: waiting_filter, file: \"" +
            changing_file("waiting_filter") + "\"}\n" + more;
    write_manifest();
  }
  /// By a session that waits for nothing.
  std::string other(std::uint16_t command, std::uint16_t answer, const std::string& body = "") {
    if (seq_ == 0) other_.connect(node().pdu_port());
    other_.send(command, ++seq_, body);
    const auto got = other_.answer(answer, seq_);
    return got ? got->body : "-";
  }
  bool one_is_held() {
    return eventually([this] { return other(0x8133, 0x8134) == "1"; });
  }
  std::string let_go() { return other(0x8131, 0x8132); }

 private:
  wire_client other_;
  std::uint16_t seq_ = 0;
};

}  // namespace parley::test
