#include "host/net/wire_writer.hpp"

#include <gtest/gtest.h>

#include "Parley.Host.pb.h"

namespace parley::host {
namespace {

TEST(wire_writer, what_the_host_writes_is_the_refused_message) {
  wire_writer w;
  w.number(1, 0x0301).number(2, 5).text(3, "too fast").number(4, 730);
  ::parley::host::IMRefused m;
  ASSERT_TRUE(m.ParseFromString(w.bytes()));
  EXPECT_EQ(m.command_id(), 0x0301u);
  EXPECT_EQ(m.code(), 5u);
  EXPECT_EQ(m.text(), "too fast");
  EXPECT_EQ(m.retry_after_ms(), 730u);
}

}  // namespace
}  // namespace parley::host
